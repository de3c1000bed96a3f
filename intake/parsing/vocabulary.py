"""What columns are called in Czech, Slovak, English and German exports, folded as `text.header_key` folds them."""

from intake.parsing.targets import Kind, Target
from intake.parsing.text import words

_NAMES: dict[Target, str] = {
    Target.FULL_NAME: (
        "jmeno a prijmeni, prijmeni a jmeno, cele jmeno, jmeno prijmeni, prijmeni jmeno, cele meno, meno a "
        "priezvisko, priezvisko a meno, meno priezvisko, full name, fullname, name, contact, contact name, "
        "contact person, kontakt, kontaktni osoba, kontaktna osoba, osoba, display name, zobrazovane jmeno, "
        "zobrazovany nazev, ansprechpartner, kontaktperson, vollstandiger name, vor und nachname, customer name, "
        "client name, zakaznik, klient, customer, client, kunde, jmeno zakaznika, jmeno klienta, titul jmeno "
        "prijmeni, jmeno osoby, formatted name, fn"
    ),
    Target.TITLE_BEFORE: (
        "titul, tituly, titul pred, tituly pred, titul pred jmenem, tituly pred jmenem, titul pred menom, title "
        "before, honorific prefix, name prefix, prefix, akademicky titul, titel, academic title, title prefix"
    ),
    Target.FIRST_NAME: (
        "jmeno, krestni jmeno, krestni, meno, krstne meno, first name, firstname, given name, forename, first, "
        "vorname, rufname, fname"
    ),
    Target.MIDDLE_NAME: (
        "prostredni jmeno, druhe jmeno, dalsi jmeno, dalsi jmena, stredne meno, middle name, middlename, "
        "additional name, additional names, second name, zweiter vorname"
    ),
    Target.LAST_NAME: (
        "prijmeni, priezvisko, last name, lastname, surname, family name, last, nachname, familienname, zuname, lname"
    ),
    Target.TITLE_AFTER: (
        "titul za, tituly za, titul za jmenem, tituly za jmenem, titul za menom, suffix, name suffix, honorific "
        "suffix, title after, title suffix"
    ),
    Target.SALUTATION: "osloveni, oslovenie, salutation, anrede, greeting, briefanrede",
    Target.ORGANISATION: (
        "firma, spolecnost, organizace, nazev, nazev firmy, jmeno firmy, nazev spolecnosti, nazev organizace, "
        "nazev subjektu, obchodni firma, obchodni jmeno, obchodni nazev, nazov, nazov firmy, spolocnost, nazov "
        "spolocnosti, organizacia, organization, organisation, company, company name, organization name, "
        "organisation name, business name, account, account name, employer, zamestnavatel, odberatel, subjekt, "
        "podnik, firmenname, unternehmen, firmen name, name der firma"
    ),
    Target.ICO: (
        "ico, ic, i c o, i c, identifikacni cislo, identifikacne cislo, ico firmy, company id, company number, "
        "registration number, reg no, business id, handelsregisternummer"
    ),
    Target.DIC: (
        "dic, d i c, danove identifikacni cislo, danove identifikacne cislo, vat, vat id, vat number, vat no, "
        "vatin, tax id, tax number, ic dph, icdph, dic dph, ust id, ustid, ust id nr, ust idnr, uid, uid nummer"
    ),
    Target.POSITION: (
        "pozice, funkce, pracovni pozice, pracovni zarazeni, pozicia, pracovna pozicia, funkcia, povolani, "
        "profese, job title, jobtitle, position, role, job, occupation, organization title, organisation title, "
        "beruf, funktion, stelle, stellenbezeichnung"
    ),
    Target.BIRTH_DATE: (
        "datum narozeni, narozeni, narozen, narozena, narozeniny, datum nar, datum narodenia, narodeny, "
        "narodeniny, birthday, birth date, birthdate, date of birth, dob, born, geburtstag, geburtsdatum, "
        "geboren, bday"
    ),
    Target.EMAIL: (
        "email, emaily, mail, emails, email address, email adresa, emailova adresa, mailova adresa, elektronicka "
        "adresa, elektronicka posta, adresa elektronicke posty, emailadresse, email adresse, mailadresse"
    ),
    Target.PHONE: (
        "telefon, tel, telefony, telefonni cislo, telefonne cislo, cislo telefonu, tel cislo, phone, phones, "
        "phone number, telephone, telephone number, tel no, telefonnummer, rufnummer, telefon cislo, pevna linka, "
        "pevna, landline, festnetz, telefonni spojeni"
    ),
    Target.FULL_ADDRESS: "cela adresa, full address, formatted address, address formatted, ganze adresse, sidlo",
    Target.STREET: (
        "ulice, ulice a cislo, ulice a cislo popisne, ulice a cp, ulice cp, ulice c p, ulice cislo, ulica, ulica "
        "a cislo, adresa, address, street, street address, address line, addr, street name, strasse, strasse "
        "hausnummer, strasse und hausnummer, strasse nr, anschrift, adresse, doplnek adresy, extended address, "
        "adresszusatz, radek adresy"
    ),
    Target.HOUSE_NUMBER: (
        "cislo popisne, cp, c p, cislo domu, cislo orientacni, supisne cislo, hausnummer, hausnr, house number, "
        "street number"
    ),
    Target.CITY: "mesto, obec, mesto obec, obec mesto, city, town, locality, ort, stadt, wohnort, village",
    Target.POSTCODE: (
        "psc, zip, zip code, zipcode, postal code, postalcode, postcode, plz, postleitzahl, smerovaci cislo, "
        "postovni smerovaci cislo, postove smerovacie cislo, postal"
    ),
    Target.REGION: "kraj, region, state, province, state province, bundesland, kanton",
    Target.COUNTRY: (
        "zeme, stat, krajina, country, country name, country region, country code, kod zeme, nazev zeme, land, "
        "staat, zeme oblast"
    ),
    Target.LANGUAGE: "jazyk, language, lang, sprache, preferovany jazyk, preferred language",
    Target.TAG: (
        "stitky, stitek, stitok, tagy, tag, tags, labels, label, kategorie, kategoria, category, categories, "
        "skupina, skupiny, group, groups, group membership, segment, kategorien, gruppe, gruppen, schlagworte"
    ),
    Target.WEB: (
        "web, www, url, weby, website, web site, webpage, web page, webova stranka, webove stranky, homepage, "
        "home page, stranky, internetove stranky, internetova stranka, web stranka, webseite, internet"
    ),
    Target.NOTE: (
        "poznamka, poznamky, pozn, poznamka k zakaznikovi, note, notes, comment, comments, komentar, popis, "
        "description, memo, notiz, notizen, bemerkung, bemerkungen, anmerkung"
    ),
}
# Names that are right only when nothing better claims the target.
_WEAK: dict[Target, str] = {Target.REGION: "county, okres, district, oblast"}

HEADERS: dict[str, Target] = {name: target for target, names in _NAMES.items() for name in names.split(", ")}
WEAK_HEADERS: dict[str, Target] = {name: target for target, names in _WEAK.items() for name in names.split(", ")}

# Headers that name both a target and a kind.
PHONE_WORDS: dict[str, Kind] = {
    **dict.fromkeys(
        words("mobil mobile cell gsm handy mobiltelefon mobilni mobilny cellphone mobilnummer handynummer"), Kind.MOBILE
    ),
    **dict.fromkeys(words("fax telefax faxnummer"), Kind.FAX),
}
# Words beside a target's name that say what it is for.
KIND_WORDS: dict[str, Kind] = {
    **dict.fromkeys(
        words(
            "prace pracovni pracovny pracovna work firemni firemny firemna office business sluzebni kancelar kancelare "
            "arbeit geschaftlich dienstlich company firma sidlo sidla firmy spolecnosti"
        ),
        Kind.WORK,
    ),
    **dict.fromkeys(
        words(
            "domu domaci domov home soukromy soukroma soukrome osobni sukromny private personal privat bydliste "
            "bydliska trvale trvaly trvala"
        ),
        Kind.PRIVATE,
    ),
    **dict.fromkeys(
        words("fakturacni fakturace fakturacna fakturacny billing invoice rechnung rechnungs"), Kind.BILLING
    ),
    **dict.fromkeys(
        words("dorucovaci dorucovacia dodaci dodacia delivery shipping korespondencni mailing liefer"), Kind.DELIVERY
    ),
    **dict.fromkeys(words("jiny jina jine ina other dalsi andere"), Kind.OTHER),
}
# Words that change nothing.
FILLERS = words(
    "value hodnota primary main hlavni primarni hlavny kontaktni kontaktny zakaznika klienta customer contact kontaktu "
    "osoby person number cislo nr no c a the adresa address line adresy default prvni druhy druha treti first second do"
)
