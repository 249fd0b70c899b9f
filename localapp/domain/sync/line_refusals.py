"""Why nothing came through to the insurer: TLS, proxies, networks that want a login. Stable codes as in ``refusals``.

Each says that documents or the connection are as before, what is wrong, and whom to ask.
"""

from typing import Final

LINE_REFUSALS: Final[dict[str, dict[str, str]]] = {
    "tls_authority_missing": {
        "cs": "V instalaci chybí platný soubor endpoint-ca.pem, podle kterého se pozná server pojišťovny. Zkopírujte ho z instalačního balíčku do datové složky a spusťte SmartClient znovu.",
        "en": "The installation has no valid file endpoint-ca.pem, by which the insurer's server is known. Copy it from the installation package into the data folder and start SmartClient again.",
    },
    "tls_authority_other": {
        "cs": "Server {host} se prokazuje certifikátem jiné autority pojišťovny, než se kterou byla aplikace aktivována. Zavolejte {help_desk}, a pokud změnu potvrdí, zvolte v Nastavení „Změnit způsob aktivace aplikace“. Dokumenty zůstanou.",
        "en": "Server {host} shows a certificate of another authority of the insurer than the one that the application was activated with. Call the {help_desk}, and if they confirm the change, choose “Change the way of activation” in Settings. Your documents stay.",
    },
    "tls_intercepted": {
        "cs": "Šifrované spojení se serverem {host} cestou otevírá někdo jiný: certifikát vydal „{issuer}“, ne pojišťovna. Nic se neodeslalo. Bývá to antivirus nebo síť firmy či hotelu; požádejte správce o výjimku pro {host}, nebo zkuste jinou síť.",
        "en": "Somebody else opens the encrypted connection to server {host} on its way: “{issuer}” issued the certificate, not the insurer. Nothing was sent. It tends to be an antivirus or the network of a company or hotel; ask its administrator for an exception for {host}, or try another network.",
    },
    "tls_expired": {
        "cs": "Certifikát serveru {host} platil do {until}, hodiny tohoto počítače ukazují {today}. Pokud nejdou správně, nastavte je; jinak zavolejte {help_desk}. Nic se neodeslalo.",
        "en": "The certificate of server {host} was valid until {until}, the clock of this computer says {today}. If it is wrong, set it; otherwise call the {help_desk}. Nothing was sent.",
    },
    "tls_not_yet_valid": {
        "cs": "Hodiny tohoto počítače ukazují {today}, certifikát serveru {host} ale platí až od {since}. Nastavte hodiny správně a zopakujte synchronizaci. Nic se neodeslalo.",
        "en": "The clock of this computer says {today}, but the certificate of server {host} is valid only from {since}. Set the clock right and synchronize again. Nothing was sent.",
    },
    "tls_other_host": {
        "cs": "Na adrese {host} odpověděl server s certifikátem pro „{names}“. Nic se neodeslalo. Zkuste jinou síť; když to nepomůže, zavolejte {help_desk}.",
        "en": "At the address {host} a server answered with a certificate for “{names}”. Nothing was sent. Try another network; if that fails, call the {help_desk}.",
    },
    "tls_refused": {
        "cs": "Se serverem {host} se nepodařilo domluvit na bezpečném šifrování, nejméně TLS 1.2. Nic se neodeslalo. Zkuste jinou síť; když to nepomůže, zavolejte {help_desk}.",
        "en": "No safe encryption, TLS 1.2 at least, could be agreed on with server {host}. Nothing was sent. Try another network; if that fails, call the {help_desk}.",
    },
    "network_login": {
        "cs": "Síť chce, abyste se k ní nejdřív přihlásili (hotel, veřejná Wi-Fi). Otevřete v prohlížeči libovolnou stránku, přihlaste se a zopakujte synchronizaci; dokumenty zatím zůstávají v počítači.",
        "en": "The network wants you to log in first (a hotel, a public Wi-Fi). Open any page in a browser, log in and synchronize again; until then your documents stay on this computer.",
    },
    "proxy_unreachable": {
        "cs": "Proxy server {proxy} neodpovídá. Opravte jeho adresu v Nastavení, části Připojení, nebo ho tam vypněte; dokumenty zůstávají v počítači.",
        "en": "The proxy {proxy} does not answer. Correct its address in Settings, section Connection, or switch it off there; your documents stay on this computer.",
    },
    "proxy_login": {
        "cs": "Proxy server {proxy} nepřijal přihlášení. Zadejte v Nastavení, části Připojení, platné jméno a heslo; dokumenty zůstávají v počítači.",
        "en": "The proxy {proxy} did not accept the login. Enter a valid name and password in Settings, section Connection; your documents stay on this computer.",
    },
    "proxy_login_windows": {
        "cs": "Proxy server {proxy} chce přihlášení účtem Windows (NTLM nebo Kerberos), které SmartClient neumí. Požádejte správce sítě, aby pro {host} povolil přihlášení jménem a heslem (Basic) nebo spojení bez přihlášení, nebo použijte jinou síť; dokumenty zůstávají v počítači.",
        "en": "The proxy {proxy} wants a login with the Windows account (NTLM or Kerberos), which SmartClient cannot do. Ask the network's administrator to permit a login by name and password (Basic) or none for {host}, or use another network; your documents stay on this computer.",
    },
    "proxy_refused": {
        "cs": "Proxy server {proxy} nepustil spojení k serveru {host} (stav {status}). Požádejte správce sítě, aby {host} povolil; dokumenty zůstávají v počítači.",
        "en": "The proxy {proxy} did not pass the connection on to server {host} (status {status}). Ask the network's administrator to permit {host}; your documents stay on this computer.",
    },
}

NO_CONNECTION: Final = frozenset(
    {"endpoint_unreachable", "endpoint_failed", "endpoint_busy", "endpoint_not_recognized", *LINE_REFUSALS}
)
"""Codes that say: nothing of the insurer's came through."""
