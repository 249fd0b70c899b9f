"""The stable codes of problems that a person can see, each with a Czech and an English sentence.

A sentence names the value, the limit and the remedy. Codes are never reused. Codes of calculation libraries have their
sentences in the library; checks of a form have theirs in the form.
"""

from typing import Final

from localapp.domain.fields.problem_texts import CZECH_DATA

PROBLEMS: Final[dict[str, dict[str, str]]] = {
    "answer_missing": {"cs": "{field}: vyplňte údaj.", "en": "{field}: fill this in."},
    "number_unreadable": {
        "cs": "„{typed}“ není číslo. Zapište ho číslicemi, například 30.",
        "en": "“{typed}” is not a number. Write it in digits, for example 30.",
    },
    "amount_unreadable": {
        "cs": "„{typed}“ není částka v celých korunách. Zapište ji například 1 500 000 nebo 1,5m.",
        "en": "“{typed}” is not an amount in whole crowns. Write for example 1,500,000 or 1.5m.",
    },
    "date_unreadable": {
        "cs": "„{typed}“ není datum. Zapište den, měsíc a rok, například 1. 5. 1990.",
        "en": "“{typed}” is not a date. Write day, month and year, for example 1. 5. 1990.",
    },
    "date_impossible": {
        "cs": "„{typed}“ v kalendáři není. Opravte den nebo měsíc.",
        "en": "“{typed}” is not in the calendar. Correct the day or the month.",
    },
    "date_out_of_range": {
        "cs": "„{typed}“ je mimo roky 1900 až 2199. Opravte rok.",
        "en": "“{typed}” is outside the years 1900 to 2199. Correct the year.",
    },
    "choice_unknown": {
        "cs": "„{typed}“ není mezi možnostmi. Vyberte jednu z nabídky.",
        "en": "“{typed}” is not among the options. Choose one of those offered.",
    },
    "text_too_long": {
        "cs": "Text má {value:number} znaků, nejvýše lze {limit:number}. Zkraťte ho.",
        "en": "The text has {value:number} characters, {limit:number} are allowed. Shorten it.",
    },
    "value_too_small": {
        "cs": "{value:number} je méně než nejmenší možná hodnota {limit:number}. Zvyšte ji.",
        "en": "{value:number} is below the smallest value {limit:number}. Raise it.",
    },
    "value_too_large": {
        "cs": "{value:number} je více než největší možná hodnota {limit:number}. Snižte ji.",
        "en": "{value:number} is above the largest value {limit:number}. Lower it.",
    },
    "birth_number_unreadable": {
        "cs": "„{typed}“ není rodné číslo. Má devět nebo deset číslic, například 900501/1235.",
        "en": "“{typed}” is not a birth number. It has nine or ten digits, for example 900501/1235.",
    },
    "birth_number_invalid": {
        "cs": "„{typed}“ nesouhlasí s kontrolní číslicí. Opište rodné číslo znovu z dokladu.",
        "en": "“{typed}” fails its check digit. Copy the birth number again from the document.",
    },
    "email_invalid": {
        "cs": "„{typed}“ není e-mail. Zapište ho jako jmeno@domena.cz.",
        "en": "“{typed}” is not an e-mail address. Write it as name@domain.cz.",
    },
    "phone_invalid": {
        "cs": "„{typed}“ není telefon. Zapište devět číslic, nebo číslo s předvolbou +.",
        "en": "“{typed}” is not a telephone number. Write nine digits, or a number with + and the country code.",
    },
    "postal_code_invalid": {
        "cs": "„{typed}“ není PSČ. Má pět číslic, například 110 00.",
        "en": "“{typed}” is not a postal code. It has five digits, for example 110 00.",
    },
    "share_unreadable": {
        "cs": "„{typed}“ není podíl. Zapište procenta od 0,01 do 100, nejvýše na dvě desetinná místa.",
        "en": "“{typed}” is not a share. Write a percentage from 0.01 to 100 with at most two decimals.",
    },
    "follow_up_missing": {
        "cs": "K odpovědi „ano“ patří alespoň jeden záznam. Přidejte ho, nebo opravte odpověď.",
        "en": "The answer “yes” needs at least one entry. Add it, or correct the answer.",
    },
    "too_many_rows": {
        "cs": "Nejvýše jich lze zadat {limit:number}. Nejdříve jeden odeberte.",
        "en": "At most {limit:number} can be entered. Remove one first.",
    },
    "too_few_rows": {
        "cs": "Alespoň {limit:number} musí zůstat. Nejdříve přidejte další.",
        "en": "At least {limit:number} must stay. Add another first.",
    },
    "form_expression_failed": {
        "cs": "Pravidla formuláře se nepodařilo vyhodnotit. Údaje jsou uloženy; zavolejte {help_desk}.",
        "en": "The rules of the form could not be evaluated. Your answers are saved; call the {help_desk}.",
    },
    "calculation_unavailable": {
        "cs": "Výpočet teď není dostupný. Údaje jsou uloženy, zkuste to znovu za chvíli.",
        "en": "The calculation is not available now. Your answers are saved, try again in a moment.",
    },
    "action_not_permitted": {
        "cs": "Tuto akci stav dokumentu nedovoluje. Obnovte stránku, zobrazí se aktuální stav.",
        "en": "The document's state does not permit this. Reload the page to see its present state.",
    },
    "document_unknown": {
        "cs": "Dokument neexistuje nebo už byl smazán. Vraťte se na seznam dokumentů.",
        "en": "The document does not exist or has been deleted. Go back to the list of documents.",
    },
    **CZECH_DATA,
}
