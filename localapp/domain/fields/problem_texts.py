"""The sentences of the problems of Czech data: what was typed, the rule, the way out. Part of ``problems.PROBLEMS``."""

from typing import Final

CZECH_DATA: Final[dict[str, dict[str, str]]] = {
    "birth_number_date_impossible": {
        "cs": "„{typed}“ neříká žádný den v kalendáři. Zkontrolujte prvních šest číslic podle dokladu.",
        "en": "“{typed}” says no day of the calendar. Compare its first six digits with the document.",
    },
    "birth_number_in_future": {
        "cs": "Podle „{typed}“ by se člověk narodil až {born:date}. Zkontrolujte prvních šest číslic.",
        "en": "By “{typed}” the person would be born on {born:date}. Check its first six digits.",
    },
    "birth_number_without_serial": {
        "cs": "„{typed}“ končí třemi nulami, takové rodné číslo se nepřidělovalo. Opište ho znovu z dokladu.",
        "en": "“{typed}” ends with three zeros; no birth number does. Copy it again.",
    },
    "birth_number_doubtful": {
        "cs": "„{typed}“ není dělitelné 11; taková rodná čísla se přidělovala jen do roku {limit}. Ověřte ho podle "
        "dokladu, pokračovat lze.",
        "en": "“{typed}” is not divisible by 11; such birth numbers were given until {limit} only. Compare it with "
        "the document; you can go on.",
    },
    "birth_number_repeated": {
        "cs": "„{typed}“ už v této smlouvě má jiná osoba. Opravte jedno z nich, nebo osobu odeberte; pojistníka lze "
        "označit za první pojištěnou osobu.",
        "en": "Another person of this policy has the birth number “{typed}” already. Correct one of them or remove the "
        "person; the policyholder can be marked as the first insured person.",
    },
    "birth_date_differs": {
        "cs": "{typed:date} nesouhlasí s rodným číslem {birth_number}, podle kterého je {born:date}. "
        "Opravte jedno z nich; když datum smažete, doplní se z rodného čísla.",
        "en": "{typed:date} differs from the birth number {birth_number}, which says {born:date}. "
        "Correct one of them; if you delete the date, it follows from the birth number.",
    },
    "sex_differs_female": {
        "cs": "Podle rodného čísla {birth_number} jde o ženu. Opravte pohlaví, nebo rodné číslo.",
        "en": "By the birth number {birth_number} this is a woman. Correct the sex or the birth number.",
    },
    "sex_differs_male": {
        "cs": "Podle rodného čísla {birth_number} jde o muže. Opravte pohlaví, nebo rodné číslo.",
        "en": "By the birth number {birth_number} this is a man. Correct the sex or the birth number.",
    },
    "email_mistyped": {
        "cs": "Nemělo být za zavináčem „{meant}“ místo „{typed}“? Pokud je adresa správně, pokračujte.",
        "en": "Should it read “{meant}” instead of “{typed}” after the at sign? If the address is right, go on.",
    },
    "country_unknown": {
        "cs": "Stát „{typed}“ neznáme. Zapište jeho název nebo kód, například Česko, Slovensko nebo SVK.",
        "en": "We do not know the country “{typed}”. Write its name or code, for example Czechia, Slovakia or SVK.",
    },
    "identity_document_unreadable": {
        "cs": "„{typed}“ není číslo dokladu. Má 6 až 12 písmen a číslic, například 123456789.",
        "en": "“{typed}” is not the number of a document. It has 6 to 12 letters and digits, for example 123456789.",
    },
    "identity_card_number_invalid": {
        "cs": "„{typed}“ není číslo občanského průkazu. Má devět číslic, starší šest číslic a dvě písmena. "
        "Opravte číslo, nebo druh dokladu.",
        "en": "“{typed}” is not the number of a Czech identity card. It has nine digits, an older one six digits and "
        "two letters. Correct the number or the kind of document.",
    },
    "passport_number_invalid": {
        "cs": "„{typed}“ není číslo cestovního pasu. Má 6 až 9 písmen a číslic. Opravte číslo, nebo druh dokladu.",
        "en": "“{typed}” is not the number of a passport. It has 6 to 9 letters and digits. Correct the number or the "
        "kind of document.",
    },
    "residence_permit_number_invalid": {
        "cs": "„{typed}“ není číslo povolení k pobytu. Má 6 až 12 písmen a číslic. Opravte číslo, nebo druh dokladu.",
        "en": "“{typed}” is not the number of a residence permit. It has 6 to 12 letters and digits. Correct the "
        "number or the kind of document.",
    },
    "mrz_unreadable": {
        "cs": "Strojově čitelné řádky mají {value:number} znaků. Občanský průkaz jich má 90, cestovní pas 88. "
        "Opište je celé i se znaky <, nebo zadejte jen číslo dokladu.",
        "en": "The machine-readable lines have {value:number} characters. An identity card has 90, a passport 88. "
        "Copy them whole with every <, or enter the document's number only.",
    },
    "mrz_check_digit": {
        "cs": "Ve strojově čitelných řádcích dokladu „{typed}“ nesouhlasí kontrolní číslice. Opište je znovu, nebo "
        "zadejte jen číslo dokladu.",
        "en": "A check digit in the machine-readable lines of “{typed}” is wrong. Copy them again, or enter the "
        "document's number only.",
    },
    "mrz_date_impossible": {
        "cs": "Strojově čitelné řádky dokladu „{typed}“ obsahují den, který v kalendáři není. Zadejte jen číslo "
        "dokladu a ostatní údaje vyplňte zvlášť.",
        "en": "The machine-readable lines of “{typed}” contain a day that is not in the calendar. Enter the document's "
        "number only and fill in the rest yourself.",
    },
    "company_id_unreadable": {
        "cs": "„{typed}“ není IČO. Má nejvýše osm číslic, například 47452820.",
        "en": "“{typed}” is not a company id. It has at most eight digits, for example 47452820.",
    },
    "company_id_invalid": {
        "cs": "„{typed}“ nesouhlasí s kontrolní číslicí, poslední z osmi. Opište IČO znovu.",
        "en": "“{typed}” fails its check digit, the last of eight. Copy the company id again.",
    },
    "vat_id_unreadable": {
        "cs": "„{typed}“ není DIČ. Má CZ a 8 až 10 číslic, například CZ47452820.",
        "en": "“{typed}” is not a VAT id. It has CZ and 8 to 10 digits, for example CZ47452820.",
    },
    "vat_id_invalid": {
        "cs": "„{typed}“ nesouhlasí s kontrolní číslicí. Opište DIČ znovu.",
        "en": "“{typed}” fails its check digit. Copy the VAT id again.",
    },
    "bank_account_unreadable": {
        "cs": "„{typed}“ není číslo účtu. Zapište ho jako 19-2000145399/0800, předčíslí být nemusí; lze zadat i IBAN.",
        "en": "“{typed}” is not an account number. Write it as 19-2000145399/0800, the prefix may be absent; an IBAN "
        "will do too.",
    },
    "bank_code_missing": {
        "cs": "„{typed}“ nemá kód banky. Doplňte lomítko a čtyři číslice, například /0800.",
        "en": "“{typed}” lacks the code of a bank. Add a slash and four digits, for example /0800.",
    },
    "bank_code_unknown": {
        "cs": "Kód banky {bank} není v číselníku České národní banky. Opravte čtyři číslice za lomítkem.",
        "en": "The bank code {bank} is not in the list of the Czech National Bank. Correct the four digits after the "
        "slash.",
    },
    "bank_account_too_short": {
        "cs": "„{typed}“ nemá před lomítkem dvě číslice jiné než nula. Opište číslo účtu znovu.",
        "en": "“{typed}” has no two digits other than zero before the slash. Copy the account number again.",
    },
    "bank_account_prefix_invalid": {
        "cs": "Předčíslí {prefix} v účtu „{typed}“ nesouhlasí s kontrolní číslicí. Opravte číslice před pomlčkou.",
        "en": "The prefix {prefix} of the account “{typed}” fails its check digit. Correct what is before the hyphen.",
    },
    "bank_account_invalid": {
        "cs": "„{typed}“ nesouhlasí s kontrolní číslicí. Opravte číslice před lomítkem.",
        "en": "“{typed}” fails its check digit. Correct the digits before the slash.",
    },
    "iban_unreadable": {
        "cs": "„{typed}“ není IBAN. Český má CZ a 22 číslic, například CZ65 0800 0000 1920 0014 5399.",
        "en": "“{typed}” is not an IBAN. A Czech one has CZ and 22 digits, for example CZ65 0800 0000 1920 0014 5399.",
    },
    "iban_invalid": {
        "cs": "„{typed}“ nesouhlasí s kontrolními číslicemi nebo s délkou pro daný stát. Opište IBAN znovu.",
        "en": "“{typed}” fails its check digits, or the length of its country. Copy the IBAN again.",
    },
    "iban_account_invalid": {
        "cs": "Kontrolní číslice IBAN souhlasí, ale účet {account} v něm neexistuje. Opište ho znovu.",
        "en": "The check digits of the IBAN are right, but there is no account {account}. Copy it again.",
    },
    "account_differs": {
        "cs": "Účet {typed} nesouhlasí s účtem {account} v zadaném IBAN. Opravte jeden z nich, nebo jeden smažte.",
        "en": "The account {typed} differs from the account {account} in the IBAN. Correct or delete one of them.",
    },
    "account_of_foreign_iban": {
        "cs": "Vedle českého účtu {typed} stojí zahraniční IBAN {iban}. Ponechte jen jeden z nich.",
        "en": "Beside the Czech account {typed} stands the foreign IBAN {iban}. Keep one of them only.",
    },
    "sipo_number_invalid": {
        "cs": "„{typed}“ není spojovací číslo SIPO. Má deset číslic, najdete je na dokladu SIPO.",
        "en": "“{typed}” is not a SIPO number. It has ten digits and stands on the SIPO slip.",
    },
    "policy_number_unreadable": {
        "cs": "„{typed}“ není číslo smlouvy. Má 6 až 12 číslic a začíná 7.",
        "en": "“{typed}” is not the number of a policy. It has 6 to 12 digits and starts with 7.",
    },
    "policy_number_not_seven": {
        "cs": "„{typed}“ není číslo smlouvy FLEXI: ta začínají 7. Ověřte ho na pojistce.",
        "en": "“{typed}” is not the number of a FLEXI policy: those start with 7. Compare it with the policy.",
    },
    "partner_number_invalid": {
        "cs": "„{typed}“ není identifikace partnera (HR). Má 5 až 9 číslic a začíná 9.",
        "en": "“{typed}” is not a partner number (HR). It has 5 to 9 digits and starts with 9.",
    },
    "cnb_number_doubtful": {
        "cs": "„{typed}“ není obvyklé registrační číslo u ČNB, například 012345PPZ nebo IČO. Zkontrolujte ho, "
        "pokračovat lze.",
        "en": "“{typed}” is not a usual registration number at the Czech National Bank, for example "
        "012345PPZ or a company id. Check it; you can go on.",
    },
}
