"""English words too common to anchor a phrase at: the matcher starts at a rarer word where it can.

A list of function words and everyday news words, put together by hand; a word too few or too many here
changes speed, never results.
"""

COMMON = frozenset(
    """
a about after against all also an and any are as at be been before between but by can could country
countries day do for foreign former four from government had has have he her him his how if in into is
it its last law leader made make man many may members military minister more most mr much national new
no not now of off official officials on one only or other our out over own part people per persons
president ra report said same say says security several she should since so some state states such
than that the their them then there these they this those three through time to two under up upon us
use used was we week well were what when where which while who will with without world would year years
you your i s t re
""".split()
)
