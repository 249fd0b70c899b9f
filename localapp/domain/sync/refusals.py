"""Why the other side says no: stable codes, each with a Czech and an English sentence. Never reused.

A sentence names the value, the limit and the remedy. ``{name}`` is filled in from the facts that travel with the code.
"""

from typing import Final

from localapp.domain.sync.line_refusals import LINE_REFUSALS

REFUSALS: Final[dict[str, dict[str, str]]] = {
    "partner_number_invalid": {
        "cs": "„{typed}“ není identifikace partnera. Má jen číslice a začíná devítkou, například 900001.",
        "en": "“{typed}” is not a partner number. It has digits only and starts with 9, for example 900001.",
    },
    "partner_unknown": {
        "cs": "Partnera {partner_number} neznáme. Ověřte číslo na vaší centrále a zadejte ho znovu.",
        "en": "Partner {partner_number} is not known. Check the number with your head office and enter it again.",
    },
    "partner_blocked": {
        "cs": "Partner {partner_number} má přístup pozastavený. Pracujte dál, dokumenty zůstávají v počítači; zavolejte {help_desk}.",
        "en": "The access of partner {partner_number} is suspended. Go on working, your documents stay on this computer; call the {help_desk}.",
    },
    "partner_ended": {
        "cs": "Spolupráce s partnerem {partner_number} skončila, dokument za něj už nelze převzít. Zkopírujte ho pod současného partnera.",
        "en": "The cooperation with partner {partner_number} has ended, the document cannot be taken over. Copy it under the present partner.",
    },
    "installation_unknown": {
        "cs": "Server tuto instalaci nezná. Aktivujte aplikaci znovu v Nastavení, dokumenty zůstanou.",
        "en": "The server does not know this installation. Activate again in Settings; your documents stay.",
    },
    "installation_blocked": {
        "cs": "Tato instalace byla zablokována. Pracujte dál, dokumenty zůstávají v počítači; zavolejte {help_desk}.",
        "en": "This installation has been blocked. Go on working, your documents stay on this computer; call the {help_desk}.",
    },
    "installation_forked": {
        "cs": "Se serverem už pod označením této instalace mluvila jiná kopie databáze. Zopakujte synchronizaci; když to nepomůže, zavolejte {help_desk}.",
        "en": "Another copy of this database has spoken to the server as this installation. Synchronize again; if that fails, call the {help_desk}.",
    },
    "signature_wrong": {
        "cs": "Podpis požadavku nesouhlasí s klíčem instalace. Zopakujte synchronizaci; když to nepomůže, zavolejte {help_desk}.",
        "en": "The signature of the request does not fit the installation's key. Synchronize again; if that fails, call the {help_desk}.",
    },
    "session_ended": {
        "cs": "Spojení se serverem mezitím skončilo. Synchronizace začne znovu sama.",
        "en": "The session with the server has ended meanwhile. Synchronization starts again by itself.",
    },
    "user_data_invalid": {
        "cs": "Údaj „{field}“ server nepřijal. Opravte ho a potvrďte znovu.",
        "en": "The server did not accept “{field}”. Correct it and confirm again.",
    },
    "link_code_wrong": {
        "cs": "Kód pro propojení nesouhlasí nebo už neplatí. Vytvořte na propojeném počítači nový, platí {minutes} minut.",
        "en": "The linking code is wrong or has expired. Make a new one on a linked computer; it is valid for {minutes} minutes.",
    },
    "link_code_wait": {
        "cs": "Příliš mnoho pokusů o propojení. Zkuste to znovu za {seconds} s.",
        "en": "Too many attempts to link. Try again in {seconds} s.",
    },
    "not_linked": {
        "cs": "Tato instalace není propojená s vaší první; kód i dokumenty dostane jen propojená. Propojte ji v Nastavení.",
        "en": "This installation is not linked to your first one; only a linked one gets a code and documents. Link it in Settings.",
    },
    "malformed": {
        "cs": "Server požadavku nerozumí ({reason}). Aktualizujte aplikaci; dokumenty zůstávají v počítači.",
        "en": "The server does not understand the request ({reason}). Update the application; your documents stay here.",
    },
    "too_large": {
        "cs": "Dokument má {size} bajtů, server přijme nejvýše {limit}. Zkraťte poznámky nebo zavolejte {help_desk}.",
        "en": "The document has {size} bytes, the server takes {limit} at most. Shorten its notes or call the {help_desk}.",
    },
    "version_withdrawn": {
        "cs": "{version}: tuto verzi pojišťovna stáhla a dokumenty v ní už nepřijímá. Zkopírujte dokument, kopie použije platnou verzi.",
        "en": "{version}: the insurer has withdrawn this version and takes no more documents in it. Copy the document; the copy uses a valid version.",
    },
    "digest_wrong": {
        "cs": "Otisk dokumentu nesouhlasí s jeho obsahem. Otevřete ho a dokončete znovu.",
        "en": "The document's digest does not fit its content. Open it and complete it again.",
    },
    "operation_reused": {
        "cs": "Server pod stejným označením zná jiný obsah. Otevřete dokument a dokončete ho znovu.",
        "en": "The server knows another content under the same id. Open the document and complete it again.",
    },
    "number_taken": {
        "cs": "Číslo {number} už má jiný dokument. Zkopírujte dokument, kopie dostane nové číslo.",
        "en": "Another document has the number {number}. Copy the document; the copy gets a new number.",
    },
    "correction_unfounded": {
        "cs": "Dokument {number} není na serveru exportovaný ve verzi, kterou opravujete. Upravte přímo ho, nebo opravu dokončete znovu, až exportován bude.",
        "en": "Document {number} has not been exported in the version that you correct. Edit it directly, or complete the correction again once it has been exported.",
    },
    "correction_taken": {
        "cs": "Dokument {number} už opravuje jiný váš dokument. Opravte ten, nebo tento zkopírujte; kopie nic neopravuje.",
        "en": "Another document of yours corrects {number} already. Correct that one, or copy this one; the copy corrects nothing.",
    },
    "not_permitted": {
        "cs": "Stav dokumentu na serveru tuto změnu nedovoluje. Po synchronizaci uvidíte jeho současný stav.",
        "en": "The document's state on the server does not permit this change. After synchronization you see its present state.",
    },
    "exported": {
        "cs": "Dokument byl {day} exportován do PČS, vaše pozdější změna neodešla. Najdete ji pod Zobrazit konflikty.",
        "en": "The document was exported on {day}; your later change was not sent. You find it under Show conflicts.",
    },
    "cancelled": {
        "cs": "Dokument je stornován. Zkopírujte ho, pokud v něm chcete pokračovat.",
        "en": "The document is cancelled. Copy it if you want to go on.",
    },
    "signed": {
        "cs": "Dokument je podepsán a změnit ho nelze. Zkopírujte ho, pokud v něm chcete pokračovat.",
        "en": "The document is signed and cannot be changed. Copy it if you want to go on.",
    },
    "attachment_unknown": {
        "cs": "Podepsaný soubor server nečeká: žádný váš dokument ho neuvádí. Zopakujte synchronizaci; trvá-li to, zavolejte {help_desk}.",
        "en": "The server does not wait for this signed file: none of your documents names it. Synchronize again; if it lasts, call the {help_desk}.",
    },
    "attachment_offset": {
        "cs": "Podepsaný soubor má na serveru {offset} bajtů. Další synchronizace naváže od nich.",
        "en": "The server has {offset} bytes of the signed file. The next synchronization goes on from there.",
    },
    "signature_late": {
        "cs": "Dokument byl {day} exportován dřív, než přišel jeho podpis. Podpis zůstal uložený a pojišťovně se doloží dodatečně.",
        "en": "The document was exported on {day}, before its signature came. The signature has been kept and is handed in to the insurer later.",
    },
    "stale": {
        "cs": "Na serveru je novější verze dokumentu z jiného počítače. Vaše verze zůstala zachována.",
        "en": "The server has a newer version from another computer. Your version has been kept.",
    },
    "base_unknown": {
        "cs": "Server zatím nemá verzi, na kterou tato navazuje. Byl obnoven ze zálohy; jakmile ji dodá počítač, na kterém vznikla, odejde i tato.",
        "en": "The server does not have the version that this one follows. It was restored from a backup; once the computer that made it brings it, this one is sent too.",
    },
    "freeze_pending": {
        "cs": "Právě probíhá export dne. Dokument odešle další synchronizace za několik minut.",
        "en": "The export of the day is going on. The next synchronization in a few minutes sends the document.",
    },
    "evaluation_differs": {
        "cs": "Výpočet pojišťovny dává {theirs} Kč, dokument uvádí {ours} Kč. Otevřete ho, zkontrolujte a dokončete znovu.",
        "en": "The insurer's calculation gives CZK {theirs}, the document says CZK {ours}. Open it, check it and complete it again.",
    },
    "evaluation_incomplete": {
        "cs": "Pojišťovna našla v dokumentu nedostatek: {problem} Otevřete ho, opravte a dokončete znovu.",
        "en": "The insurer found a fault in the document: {problem_en} Open it, correct it and complete it again.",
    },
    "evaluation_impossible": {
        "cs": "Dokument nelze na serveru přepočítat (verze {version}). Zkopírujte ho, kopie použije platné verze.",
        "en": "The document cannot be evaluated on the server (version {version}). Copy it; the copy uses valid versions.",
    },
    "endpoint_unreachable": {
        "cs": "Server SmartClient není dostupný. Pracujte dál, dokumenty zůstávají v počítači a odejdou při další synchronizaci.",
        "en": "The SmartClient server cannot be reached. Go on working; your documents stay here and leave at the next synchronization.",
    },
    "endpoint_failed": {
        "cs": "Server SmartClient hlásí chybu {status}. Zkuste to znovu za chvíli; dokumenty zůstávají v počítači.",
        "en": "The SmartClient server reports error {status}. Try again in a while; your documents stay on this computer.",
    },
    "endpoint_busy": {
        "cs": "Server SmartClient má teď mnoho práce a prosí o strpení. Synchronizace naváže sama, nejpozději za {minutes} min; dokumenty zůstávají v počítači.",
        "en": "The SmartClient server is very busy and asks for patience. Synchronization goes on by itself, in {minutes} min at the latest; your documents stay on this computer.",
    },
    "endpoint_not_recognized": {
        "cs": "Místo serveru SmartClient odpověděla jiná stránka. Přihlaste se k síti (hotel, Wi-Fi) nebo ověřte adresu serveru.",
        "en": "Something else answered instead of the SmartClient server. Log in to the network (hotel, Wi-Fi) or check the address.",
    },
    "body_not_verified": {
        "cs": "Obsah dokumentu {number} ze serveru nesouhlasí se svým otiskem, proto se nepoužil. Další synchronizace si ho vyžádá znovu; trvá-li to, zavolejte {help_desk}.",
        "en": "The content of document {number} from the server does not fit its digest, so it was not used. The next synchronization asks for it again; if it lasts, call the {help_desk}.",
    },
    "body_not_opened": {
        "cs": "Zdravotní část dokumentu {number} tento počítač neotevře: zapečetil ji počítač, který tehdy nebyl propojený. Otevřete dokument na něm, nebo zavolejte {help_desk}.",
        "en": "This computer cannot open the health part of document {number}: it was sealed by a computer that was not linked then. Open the document there, or call the {help_desk}.",
    },
    "body_gone": {
        "cs": "Obsah dokumentu {number} už na serveru není, zůstaly jen údaje o převzetí. Otevřete ho na počítači, kde vznikl, nebo zavolejte {help_desk}.",
        "en": "The content of document {number} is no longer on the server, only the record of its takeover. Open it on the computer where it was made, or call the {help_desk}.",
    },
    **LINE_REFUSALS,
    "synchronization_interrupted": {
        "cs": "Synchronizaci přerušilo ukončení aplikace. Nic se neztratilo, další synchronizace naváže.",
        "en": "Synchronization was interrupted by the end of the application. Nothing is lost; the next one goes on.",
    },
    "synchronization_failed": {
        "cs": "Synchronizaci zastavila chyba aplikace. Dokumenty zůstávají v počítači; spusťte ji znovu, a když to nepomůže, zavolejte {help_desk}.",
        "en": "A fault of the application stopped the synchronization. Your documents stay on this computer; start it again, and if that fails, call the {help_desk}.",
    },
    "endpoint_other": {
        "cs": "Tato složka je aktivována u serveru {activated}, ne u {asked}. Vynechte --endpoint, nebo zvolte jinou složku.",
        "en": "This folder is activated with {activated}, not with {asked}. Leave out --endpoint, or choose another folder.",
    },
    "trust_root_missing": {
        "cs": "V instalaci chybí soubor root.json, kterým se ověřují formuláře a výpočty. Zkopírujte ho z instalačního balíčku do datové složky a spusťte SmartClient znovu.",
        "en": "The file root.json, which verifies forms and calculations, is missing. Copy it from the installation package into the data folder and start SmartClient again.",
    },
    "clock_wrong": {
        "cs": "Hodiny počítače se liší od serveru o {difference}. Nastavte je správně a zopakujte synchronizaci.",
        "en": "The computer's clock differs from the server's by {difference}. Set it right and synchronize again.",
    },
    "component_wrong_hash": {
        "cs": "Soubor komponenty {component} neodpovídá podpisu pojišťovny: přišlo {found} z {length} bajtů nebo jiný obsah (otisk má být {expected}…). Zůstává dosavadní verze, stáhne se znovu při další synchronizaci.",
        "en": "The file of component {component} does not fit the insurer's signature: {found} of {length} bytes came, or another content (its digest should be {expected}…). The present version stays; it is fetched again at the next synchronization.",
    },
    "component_rollback": {
        "cs": "Server nabízí starší seznam komponent, než jaký už tento počítač ověřil ({detail}). Zůstávají dosavadní verze; trvá-li to do zítřka, zavolejte {help_desk}.",
        "en": "The server offers an older list of components than this computer has verified ({detail}). The present versions stay; if it lasts until tomorrow, call the {help_desk}.",
    },
    "component_unsigned": {
        "cs": "Seznam komponent není platně podepsán pojišťovnou ({detail}). Zůstávají dosavadní verze; trvá-li to do zítřka, zavolejte {help_desk}.",
        "en": "The list of components is not validly signed by the insurer ({detail}). The present versions stay; if it lasts until tomorrow, call the {help_desk}.",
    },
    "component_not_permitted": {
        "cs": "Klíč „{role}“ podepsal komponentu {component}, kterou podepsat nesmí ({reason}). Nepoužije se, zůstává dosavadní verze. Oznamte to na {help_desk}.",
        "en": "The key “{role}” signed component {component}, which it may not ({reason}). It is not used, the present version stays. Tell the {help_desk}.",
    },
    "component_too_large": {
        "cs": "Komponenta {component} má {size} bajtů, nejvíce může mít {limit}. Zůstává dosavadní verze, pojišťovna ji musí vydat menší.",
        "en": "Component {component} has {size} bytes, the limit is {limit}. The present version stays; the insurer has to publish a smaller one.",
    },
    "component_golden_failed": {
        "cs": "Výpočtová knihovna {component} nepočítá na tomto počítači správně: prošlo {passed} z {total} kontrolních případů, první neshoda je {case} ({place}). Zůstává dosavadní verze. Oznamte to na {help_desk}.",
        "en": "Calculation library {component} does not calculate right on this computer: {passed} of {total} golden cases passed, the first that differs is {case} ({place}). The present version stays. Tell the {help_desk}.",
    },
    "component_unusable": {
        "cs": "Komponentu {component} tato verze aplikace nemůže použít ({reason}). Zůstává dosavadní verze. Aktualizujte aplikaci, nebo zavolejte {help_desk}.",
        "en": "This version of the application cannot use component {component} ({reason}). The present version stays. Update the application or call the {help_desk}.",
    },
    "components_expired": {
        "cs": "Podpis seznamu komponent už neplatí ({detail}), hodiny počítače přitom souhlasí. Pracujte dál s dosavadními verzemi; trvá-li to do zítřka, zavolejte {help_desk}.",
        "en": "The signature of the list of components has expired ({detail}) though the computer's clock is right. Go on with the present versions; if it lasts until tomorrow, call the {help_desk}.",
    },
    "components_busy": {
        "cs": "Komponenty už aktualizuje jiné okno aplikace. Počkejte, až skončí.",
        "en": "Another window of the application is updating the components. Wait until it has ended.",
    },
    "components_not_stored": {
        "cs": "Komponenty nelze uložit na disk ({reason}). Uvolněte místo a zopakujte synchronizaci; dosavadní verze zůstávají.",
        "en": "The components cannot be stored on the disk ({reason}). Free some space and synchronize again; the present versions stay.",
    },
}
