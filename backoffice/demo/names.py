"""The names that Musterstadt's residents bear: everyday ones and the hard ones of DIN 91379."""

from collections.abc import Mapping
from dataclasses import dataclass

# DIN 91379 sets no length. 120 characters is the longest name this city's forms take.
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Origin:
    """Given and family names that usually go together, and how often per hundred residents."""

    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ORIGINS: Mapping[str, Origin] = {
    "german": Origin(
        58,
        _words(
            "Anna Andreas Barbara Bernd Birgit Björn Carola Christian Christine Daniel Doris"
            " Elke Emma Felix Finn Frank Frieda Gabriele Gerd Günter Hanna Heinz Helga Ingrid"
            " Jan Jens Johanna Jörg Jürgen Käthe Karin Katrin Klaus Lena Leon Lukas Manfred"
            " Maria Markus Martina Matthias Mia Michael Monika Nele Noah Paul Petra Rainer"
            " Renate Rüdiger Sabine Silke Sören Stefan Susanne Sven Thomas Ulrike Ursula Uwe"
            " Vera Volker Walter Werner Wiebke Wolfgang Anna-Lena Hans-Jürgen Karl-Heinz"
            " Eva-Maria Klaus-Dieter Ann-Kathrin"
        ),
        _words(
            "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer"
            " Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger"
            " Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier"
            " Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller"
            " Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth"
            " Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus"
            " Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas"
            " Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas"
            " Voigt Sauer Arnold Wolff Pfeiffer Mueller Strauß Tüffers Gießler Quast Yxmann"
        ),
    ),
    "turkish": Origin(
        13,
        _words(
            "Ayşe Fatma Emine Hatice Zeynep Elif Meryem Özlem Gülşen Çiğdem Şükran Mehmet"
            " Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Ömer Çağlar Uğur"
            " Işıl Barış"
        ),
        _words(
            "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan"
            " Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Özcan Güneş Çınar"
            " Işık Erdoğdu İnanç"
        ),
    ),
    "polish": Origin(
        8,
        _words(
            "Agnieszka Małgorzata Katarzyna Łucja Zofia Bożena Grażyna Jadwiga Piotr Paweł"
            " Stanisław Władysław Wojciech Michał Łukasz Rafał Krzysztof"
        ),
        _words(
            "Nowak Kowalski Wiśniewska Wójcik Kowalczyk Kamińska Lewandowski Zieliński"
            " Szymańska Woźniak Dąbrowski Kozłowska Jankowski Mazur Krawczyk Gołębiewska"
            " Błaszczykowski Świątek Żółkiewski Pączek"
        ),
    ),
    "arabic": Origin(
        8,
        _words(
            "Fāṭima Aisha Layla Maryam Nour Yasmin Amina Muḥammad Mohammed Aḥmad Omar Khālid"
            " Ḥassan Youssef Ṭāriq Samir Ibrāhīm Abdallah"
        ),
        _words(
            "Al-Ḥusainī Haddad Khoury Mansour El-Sayed Al-Masri Ben-Salem Ḥamdān aṣ-Ṣāliḥ"
            " al-Ġazālī Rahmani Alaoui El-Amrani Bouzid Ṣabbāġ Darwīš"
        ),
    ),
    "south_east": Origin(
        7,
        _words(
            "Đorđe Željko Snežana Dušan Goran Jelena Anđela Ștefan Ionuț Mădălina Ileana"
            " Georgios Eleni Dimitrios Ágnes Zoltán György"
        ),
        _words(
            "Đorđević Petrović Jovanović Živković Šarić Horvat Čović Ștefănescu Țăranu Popescu"
            " Ionescu Papadopoulos Papadopoúlou Kovács Szőke Tóth Ağırbaşlı"
        ),
    ),
    "further": Origin(
        6,
        _words(
            "Thị-Lan Văn-Minh Olena Oleksij Natal'ja Sergej Giuseppe Chiara José María Inês"
            " João Siân Niamh Åsa Jørgen Þóra Amélie"
        ),
        _words(
            "Nguyễn Trần Phạm Shevchenko Kovalenko Ivanov Rossi D'Angelo García Muñoz"
            " Gonçalves Conceição O'Connor Sørensen Åkesson Guðmundsdóttir Lefèvre"
        ),
    ),
}

# (given names, family name) by what makes them hard. All are NFC and of DIN 91379's datatype A;
# sequences such as C̆ or K͟h stay sequences in NFC: they have no single code point.
HARD_NAMES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "combining_mark": (
        ("C̆edomir", "C̆avušev"),
        ("Rām", "Kr̥ṣṇa"),
        ("Z̄elimxan", "M̂baye"),
        ("Ạ̈nne", "Ụ̈lm"),
    ),
    "double_width_mark": (("Ġulām", "K͟hān"), ("Māh-Ruk͟h", "k͟hwāja")),
    "latin_extended_additional": (
        ("Thị Hạnh", "Nguyễn"),
        ("Ḥusain", "aẓ-Ẓāhirī"),
        ("Ẁenda", "Ẅyss-Ṁacẓarek"),
    ),
    "dotted_and_dotless_i": (("İpek Işıl", "Yılmaz"), ("Rıza", "Diyarbakırlı")),
    "stroke_and_eth": (("Đorđe", "Yılmaz"), ("Øystein Þór", "Ðurić-Łącki")),
    "comma_below": (("Ioniță", "Ștefănescu"), ("Lăcrămioara", "Țuțuianu")),
    "capital_sharp_s": (("Liselotte", "GROẞMANN"), ("Veit", "STRAẞBURGER")),
    "apostrophe": (
        ("Seán", "O'Neill"),
        ("Gabriele", "Dell’Acqua"),
        ("N'Golo", "M'Bokolo-N’Diaye"),
    ),
    "modifier_letter": (
        ("ʿAbd ar-Raḥmān", "al-Ǧabartī"),
        ("Ol´ga", "Solovʹëva"),
        ("ʾĪmān", "ʿAlī"),
    ),
    "hyphen": (("Anna-Maria-Sophie", "Leuthäuser-Schnurrenberger"), ("Jean-Luc", "X-Y")),
    "single_letter": (("O", "E"), ("Đ", "Ő"), ("A.", "Ng")),
    "particles": (
        ("Karl-Leopold Maria", "von und zu Hohenmusterstein"),
        ("Wilhelmina", "van der Grachtenkamp op de Hoogte"),
        ("Luís", "d'Almeida e Silva dos Santos"),
        ("Ottilie", "Freifrau Edle Herrin von und zu der Muster-Rathsamshöhe"),
    ),
    "mononym": (("", "Suharta"), ("", "Ẓafarullāh"), ("", "Ng")),
    "longest": (
        (
            "Maximiliane Philippine Theodora Wilhelmine Adelgundis Kunigunde Maria-Immaculata"
            " Hildegardis Franziska-Xaveria Auguste",
            "Freifrau von Schlichtenhausen-Oberwörsching genannt Brömbsenthal-Wüstenrüdigsdorf",
        ),
        (
            "Þorgerður Đặng",
            "Wolfeschlegelsteinhausenbergerdorff-Ağaçdelenoğlu-Błażejewiczówna-Papadimitrakopoúlou"
            "-Ștefănescu-Nguyễn-Kr̥ṣṇamūrti-Ẁyss",
        ),
    ),
    "like_code": (("Null", "Undefined"), ("Robert", "Nan"), ("Jennifer", "True-False")),
    "lower_case_start": (("thé", "ß-lhard"), ("d’Arcy’s", "ffrench")),
}
