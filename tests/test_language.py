"""A text in another language than English is said to be so; one in English never is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from annotator import Annotator
from annotator.reading.language import other_language, warnings_of

if TYPE_CHECKING:
    from pathlib import Path

# Each says much the same: that a council forbids trade in certain goods and freezes what a bank owns.
OTHERS = {
    "German": "Der Rat hat am Freitag beschlossen, die Ausfuhr von Luxusgütern in das Land zu verbieten und das Vermögen der "
    "Bank einzufrieren, wie ein Sprecher sagte. Die Maßnahmen gelten ab sofort, und sie sollen bis zum Ende des Jahres in "
    "Kraft bleiben, wenn nicht vorher etwas anderes beschlossen wird.",
    "French": "Le Conseil a décidé vendredi d'interdire l'exportation de produits de luxe vers le pays et de geler les avoirs de "
    "la banque, selon un porte-parole. Les mesures sont en vigueur dès maintenant et le resteront jusqu'à la fin de l'année, "
    "à moins que les États membres ne décident autre chose avant cette date.",
    "Spanish": "El Consejo decidió el viernes prohibir la exportación de artículos de lujo al país y congelar los activos del "
    "banco, según dijo un portavoz. Las medidas están en vigor desde ahora y lo estarán hasta el final del año, si no se "
    "decide otra cosa antes de que termine el plazo que se ha fijado.",
    "Italian": "Il Consiglio ha deciso venerdì di vietare l'esportazione di beni di lusso verso il paese e di congelare i beni "
    "della banca, come ha detto un portavoce. Le misure sono in vigore da subito e lo saranno fino alla fine dell'anno, se "
    "non si decide altro prima di quella data per tutti gli Stati membri.",
    "Portuguese": "O Conselho decidiu na sexta-feira proibir a exportação de artigos de luxo para o país e congelar os bens do "
    "banco, segundo um porta-voz. As medidas estão em vigor desde já e ficam até ao fim do ano, se não for decidida outra "
    "coisa antes dessa data por todos os Estados que são membros da organização.",
    "Dutch": "De Raad heeft vrijdag besloten de uitvoer van luxegoederen naar het land te verbieden en het vermogen van de bank "
    "te bevriezen, zei een woordvoerder. De maatregelen gelden nu al en blijven tot het einde van het jaar van kracht, als "
    "er niet eerder iets anders wordt besloten door de landen die lid zijn.",
    "Polish": "Rada zdecydowała w piątek, że zakazuje wywozu towarów luksusowych do tego kraju i zamraża majątek banku, jak "
    "powiedział rzecznik. Środki te obowiązują od zaraz i będą obowiązywać do końca roku, jeśli nie zostanie przed tym "
    "postanowione coś innego przez państwa, które są członkami, ale nie wszystkie się na to godzą i nie są tego pewne.",
    "Turkish": "Konsey cuma günü ülkeye lüks mal satışını yasakladı ve bankanın varlıklarını dondurdu. Bir sözcü bu önlemlerin "
    "hemen yürürlüğe girdiğini ve yıl sonuna kadar da yürürlükte kalacağını söyledi. Üye ülkeler daha önce başka bir karar "
    "almazsa ya da bu karar için yeni bir görüşme olmazsa her şey olduğu gibi kalacak ve bir daha görüşülmeyecek.",
    "Cyrillic script": "Совет Безопасности в пятницу запретил поставки предметов роскоши в эту страну и заморозил активы банка, "
    "сообщил представитель. Меры вступают в силу немедленно и будут действовать до конца года.",
    "Arabic script": "قرر مجلس الأمن يوم الجمعة حظر بيع السلع الكمالية إلى هذا البلد وتجميد أصول المصرف، وفق ما قاله متحدث باسم "
    "المجلس. وتدخل هذه التدابير حيز النفاذ فورا وتبقى سارية حتى نهاية السنة ما لم يتقرر غير ذلك قبل هذا الموعد.",
    "Chinese": "安全理事会星期五决定禁止向该国出售奢侈品，并冻结该银行的资产。发言人表示，这些措施立即生效，如果没有其他决定，"
    "将持续到年底。各会员国应当采取必要的步骤。",
    "Korean": "안전보장이사회는 금요일에 그 나라에 대한 사치품 판매를 금지하고 은행의 자산을 동결하기로 결정했다고 대변인이 말했다. "
    "이 조치는 즉시 발효되며 다른 결정이 없으면 연말까지 유지된다.",
    "Japanese": "安全保障理事会は金曜日、その国への贅沢品の輸出を禁止し、銀行の資産を凍結することを決定したと報道官が述べた。"
    "措置は直ちに発効し、別の決定がなければ年末まで続く。",
}  # fmt: skip
ENGLISH = (
    "The Council decided on Friday to ban the sale of luxury goods to the country and to freeze what the bank owns, a "
    "spokesman said. The measures are in force at once, and will be until the end of the year."
)


@pytest.mark.parametrize("name", OTHERS)
def test_another_language_is_told(name: str) -> None:
    assert other_language(OTHERS[name]) == name
    [line] = warnings_of(OTHERS[name] * 20)
    assert line.startswith("the text seems to be ")
    assert "\n" not in line


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH * 40,
        ENGLISH.upper(),
        "",
        "Verboten ist die Ausfuhr von Luxusgütern nach Nordkorea.",  # too short to tell
        "安全理事会 banned luxury goods. " + ENGLISH,
        # Names and the small words in them.
        ", ".join(["Abu Bakr al-Baghdadi", "Ivan de la Cruz", "Maria da Silva", "Ahmad bin Isa Al Khalifa"] * 20),
        "Kim Jong Un, Vladimir Putin, Yuri Ushakov, Sergei Lavrov, Andrei Belousov. " * 20,
        f"“{OTHERS['French'][:120]}”, the minister said. {ENGLISH} {ENGLISH}",
        "1. Coal 2. Iron ore 3. Lead 4. Zinc 5. Seafood 6. Textiles " * 30,
    ],
)
def test_english_and_what_cannot_be_told_is_left_alone(text: str) -> None:
    assert warnings_of(text) == ()


def test_it_is_said_of_a_result_whether_anything_was_found_or_not() -> None:
    annotator = Annotator(lists=False)
    assert annotator.annotate(OTHERS["German"]).warnings == warnings_of(OTHERS["German"])
    both = annotator.annotate(f"{OTHERS['German']} S/RES/2397 (2017)", as_of="2024-06-20")
    assert both.annotations
    assert len(both.warnings) == 1
    assert annotator.annotate(ENGLISH).warnings == ()


def test_no_article_in_english_is_taken_for_another(outside: Path) -> None:
    for file in sorted((outside / "news").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            assert other_language(article["text"]) == "", article["id"]
    for file in sorted((outside / "unsc" / "texts").rglob("*.txt")):
        assert other_language(file.read_text(encoding="utf-8", errors="replace")) == "", file
