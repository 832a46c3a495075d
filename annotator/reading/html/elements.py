"""What the names of elements, roles and classes say of what is inside them: sets of words, and flags by name."""

from __future__ import annotations

# What an open element does to what is inside it.
OUT = 1 << 0  # not seen
PROTECTED = 1 << 1  # seen, but takes no notes
SPECIAL = 1 << 2  # stops the search for what an inline end tag closes
SCOPE = 1 << 3
FOREIGN = 1 << 4
UNFIT = 1 << 5  # no place for the block of notes
FURNITURE = 1 << 6
NODE = 1 << 7  # holds blocks that are judged together
HOST = 1 << 8
BAR = 1 << 9  # no marker inside
LIST = 1 << 10
BUTTON = 1 << 11
TABLE = 1 << 12
HEADER = 1 << 13
PRE = 1 << 14
CONTEXT = 1 << 15  # decides what direct text is: a cell, or the structure of a table
KIND = 1 << 16

STOP = 1 << 17  # stops the search for what a list item closes
DATED = 1 << 18  # may hold a date

COUNTED = tuple(1 << bit for bit in range(19))
STACKED = (STOP, SPECIAL, SCOPE, LIST, BUTTON, TABLE, CONTEXT)

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img image input keygen link meta param source track wbr".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer"
    " form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p"
    " plaintext pre search section summary ul xmp table caption tbody td tfoot th thead tr colgroup col".split()
)
_OTHER_SPECIAL = frozenset(
    "applet button iframe marquee noembed noframes noscript object script select style template textarea title".split()
)
_SPECIALS = (BLOCKS | _OTHER_SPECIAL) - {"dialog", "legend", "option", "optgroup"}
SCOPED_ENDS = BLOCKS - {"legend", "option", "optgroup"} | {"applet", "button", "marquee", "object", "select"}
CLOSE_P = frozenset(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup"
    " main menu nav ol p search section summary ul h1 h2 h3 h4 h5 h6 pre listing form li dd dt plaintext hr xmp"
    " table".split()
)
INSIDE = frozenset(
    "li dd dt td th tr tbody thead tfoot caption colgroup col legend figcaption summary optgroup option".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
FORMAT_PROTECTED = frozenset("code tt s strike".split())
FORMAT_SCOPES = frozenset("applet object marquee template td th caption".split())
_SCOPES = frozenset("applet caption html table td th marquee object select template".split())
_PROTECTED_NAMES = frozenset("pre listing xmp kbd samp var del code tt".split())
_OUT_NAMES = frozenset("template select datalist object applet canvas audio video rt rp svg math frameset".split())
_UNFIT_NAMES = frozenset("table select button pre listing template svg math h1 h2 h3 h4 h5 h6 object".split())
_FURNITURE_NAMES = frozenset(
    "nav aside footer menu amp-ad amp-embed amp-sticky-ad amp-sidebar amp-consent amp-user-notification".split()
)
HOSTS = frozenset(("article", "main"))
CONTAINERS = frozenset("div section article main td center form table ul ol li dl blockquote figure details".split())
VEILS = frozenset(("template", "dialog"))  # not seen until a script opens them, unlike a select or a drawing
TABLE_STRUCTURE = frozenset("table tbody thead tfoot tr colgroup".split())
CELLS = frozenset("td th caption".split())
TABLE_PARTS = CELLS | frozenset("tbody thead tfoot tr colgroup col".split())
JUDGED = frozenset("div section ul ol dl header form table p li figure details fieldset blockquote ins".split())
ROLES_FURNITURE = frozenset(
    "navigation banner contentinfo complementary search menu menubar toolbar dialog alertdialog tablist tooltip"
    " doc-endnotes doc-footnote doc-bibliography doc-toc doc-index doc-pagelist doc-backlink".split()
)
NOTE_ROLES = frozenset("doc-noteref doc-backlink".split())
UNSEEN = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only screenreader-only a11y-hidden"
    " element-invisible assistive-text offscreen u-visually-hidden".split()
)
BREAKOUT = frozenset(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta"
    " nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
INTEGRATION = frozenset("foreignobject desc title mi mo mn ms mtext annotation-xml".split())
IMPLIED_ENDS = frozenset("dd dt li optgroup option p rb rp rt rtc".split())

# Words of classes and ids: alone or as the first or last word of one, as in "related-posts", "article-sidebar".
CLASS_WORDS = frozenset(
    "related sidebar newsletter newsletters cookie cookies consent gdpr comments commentlist breadcrumb breadcrumbs"
    " social share sharing sharedaddy sharebar advert adverts advertisement ads ad adslot adsbygoogle promo promos"
    " sponsored trending recommended recommendations recirc recirculation nav navbar navigation menu footer outbrain"
    " taboola disqus popup modal subscribe signup pagination pager masthead topbar toolbar widgets jp-relatedposts"
    " mostread mostpopular footnotes endnotes references reflist navbox catlinks toc tagcloud taglist skiplink"
    " banner lightbox player jwplayer videoplayer".split()
)
CLASS_FIRST = frozenset("comment widget wpcnt addtoany nextprev prevnext tags footnote".split())
CLASS_WHOLE = frozenset(
    "most-read most-popular popular-posts more-stories more-news read-next see-also also-read latest-news post-tags"
    " tag-list article-tags author-bio about-author post-navigation comment-list jp-relatedposts editors-picks"
    " top-stories you-may-like in-other-news site-header page-header-nav print-only mw-editsection wp-block-tag-cloud"
    " tags widget footnote subscription-widget subscription-widget-wrap rich-link element-rich-link".split()
)
NOT_OWN = ("has-", "no-", "with-", "without-", "is-", "js-", "show-", "hide-", "not-", "without", "elementor", "et_")
# What the names of elements alone say of what is inside them.
FLAGS: dict[str, int] = {}
for _names, _flag in (
    (_SPECIALS, SPECIAL),
    (_SPECIALS - {"address", "div", "p"}, STOP),
    (_SCOPES, SCOPE),
    (("ul", "ol"), LIST),
    (("table", "template"), TABLE),
    (("button",), BUTTON | BAR),
    (TABLE_STRUCTURE | CELLS | {"template"}, CONTEXT),
    (_PROTECTED_NAMES, PROTECTED),
    (("pre", "listing"), PRE),
    (_OUT_NAMES, OUT),
    (("svg", "math"), FOREIGN),
    (_UNFIT_NAMES, UNFIT),
    (_FURNITURE_NAMES, FURNITURE),
    (("header",), HEADER),
):
    for _name in _names:
        FLAGS[_name] = FLAGS.get(_name, 0) | _flag

# Of the words above and the roles, those whose elements may hold more prose than a short article, and are none all
# the same: what readers say, what they are asked to accept, notes.
LAST_WORDS = frozenset(
    "comment comments commentlist comment-list disqus cookie cookies consent gdpr dialog alertdialog newsletter"
    " newsletters subscribe signup footnote footnotes endnotes references reflist doc-endnotes doc-footnote"
    " doc-bibliography amp-consent amp-user-notification".split()
)
# Words that begin or end a class or id of what holds the article.
ARTICLE_WORDS = frozenset("article articlebody story storybody post postbody entry hentry".split())

TOPICS = ("category-", "tag-", "topic-", "section-", "postid-", "type-")  # what an article is about
