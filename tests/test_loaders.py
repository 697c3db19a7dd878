"""The stand-ins for the vendor's loaders, in a real Chromium: what each dialect's calls make them ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snippetkit import platforms
from tests.pixels import LOADERS, without_time

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

OLD, TR = "https://www.facebook.com/offsite_event.php?", "https://www.facebook.com/tr?"
STUB = """
window.fbq = function () { fbq.callMethod ? fbq.callMethod.apply(fbq, arguments) : fbq.queue.push(arguments); };
fbq.queue = [];
"""
CASES = {
    "fp reads the global once": (
        "fp.js",
        "window.fb_param = {pixel_id: '1', value: '2.00', currency: 'USD'};",
        "fb_param.value = '9';",
        [f"{OLD}id=1&value=2.00&currency=USD"],
    ),
    "fp reads what is there": ("fp.js", "window.fb_param = {pixel_id: 1};", "", [f"{OLD}id=1"]),
    "fp without a global": ("fp.js", "", "", [OLD]),
    "fbds carries out the queue and what comes later": (
        "fbds.js",
        "window._fbq = [['track', '1', {value: '2.00', currency: 'USD'}], ['track', '3']];",
        "_fbq.push(['track', '4', {value: 5}], ['track', '6']);",
        [f"{TR}ev=1&cd%5Bvalue%5D=2.00&cd%5Bcurrency%5D=USD", f"{TR}ev=3", f"{TR}ev=4&cd%5Bvalue%5D=5", f"{TR}ev=6"],
    ),
    "fbds once more fires nothing twice": (
        "fbds.js",
        "window._fbq = [['track', '1']];",
        LOADERS["fbds.js"],
        [f"{TR}ev=1"],
    ),
    "an audience pixel is named by its number": (
        "fbds.js",
        "window._fbq = [['addPixelId', '7'], ['track', 'PixelInitialized', {}]]; window._fbds = {pixelId: 8};",
        "",
        [f"{TR}id=7&ev=PixelInitialized", f"{TR}id=8&ev=PixelInitialized"],
    ),
    "fbq tracks for each pixel that was named": (
        "fbevents.js",
        STUB + "fbq('init', '1'); fbq('track', 'PageView'); fbq('init', 2);",
        "fbq('track', 'Lead', {value: 3, currency: 'USD'}); fbq('trackCustom', 'Mine');",
        [
            f"{TR}id=1&ev=PageView",
            f"{TR}id=1&ev=Lead&cd%5Bvalue%5D=3&cd%5Bcurrency%5D=USD",
            f"{TR}id=2&ev=Lead&cd%5Bvalue%5D=3&cd%5Bcurrency%5D=USD",
            f"{TR}id=1&ev=Mine",
            f"{TR}id=2&ev=Mine",
        ],
    ),
    "fbq tracks for one pixel alone": (
        "fbevents.js",
        STUB + "fbq('init', '1'); fbq('init', '2'); fbq('trackSingle', '2', 'Lead', {value: 3});",
        "fbq('trackSingleCustom', 1, 'Mine'); fbq('trackSingle', '3', 'Lead');",
        [f"{TR}id=2&ev=Lead&cd%5Bvalue%5D=3", f"{TR}id=1&ev=Mine"],
    ),
    "fbq takes a pixel once": (
        "fbevents.js",
        STUB + "fbq('init', '1'); fbq('init', '1'); fbq('track', 'Lead');",
        LOADERS["fbevents.js"],
        [f"{TR}id=1&ev=Lead"],
    ),
    "fbq without a pixel, an event, or a known verb": (
        "fbevents.js",
        STUB + "fbq('track', 'Lead'); fbq('init', '1'); fbq('track'); fbq('set', 'autoConfig', false, '1');",
        "fbq('toString'); fbq();",
        [],
    ),
    "fbq waits for consent": (
        "fbevents.js",
        STUB + "fbq('consent', 'revoke'); fbq('init', '1'); fbq('track', 'PageView');",
        "fbq('track', 'Lead'); new Image().src = 'https://www.facebook.com/tr?before=1'; fbq('consent', 'grant');",
        [f"{TR}before=1", f"{TR}id=1&ev=PageView", f"{TR}id=1&ev=Lead"],
    ),
    "fbevents.js without its stub": ("fbevents.js", "", "", []),
}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    return browser.new_page()


@pytest.mark.parametrize("name", CASES)
def test_a_loader_asks_for_what_the_vendors_asks_for(tab: Page, name: str) -> None:
    loader, before, after, wanted = CASES[name]
    assert _fired(tab, before, LOADERS[loader], after) == wanted


def _fired(tab: Page, *scripts: str) -> list[str]:
    """What a page asks for that runs these scripts, one behind the other."""
    fired: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == "https://shop.invalid/":
            route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        else:
            fired.append(without_time(route.request.url))
            route.fulfill(body="", content_type="image/gif")

    tab.unroute_all()
    tab.route("**/*", answer)
    tab.goto("https://shop.invalid/")
    for script in scripts:
        tab.evaluate(f"() => {{ {script} }}")
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(200)
    return fired


SENT = "https://analytics.tiktok.com/api/v2/pixel?"
LOADED = "window.TiktokAnalyticsObject = 'ttq'; window.ttq = [['page']]; ttq._i = {'A': [], 'B': []};"
COLLECT = "https://px.ads.linkedin.com/collect/?v=2&fmt=js&pid=1"
BAT = "https://bat.bing.com/action/0?ti=1&Ver=2&"
PINTEREST = "https://ct.pinterest.com/v3/?"
QUEUED = "window.lintrk = function () {}; lintrk.q = [['track', {conversion_id: 2}]];"
MEASURED = "https://bzr.openai.com/v1/sdk/events?"
HIT = "https://stats.example.test/matomo.php?"
PAQ = (
    "window._paq = [['trackGoal', 7, 5], ['setTrackerUrl', 'https://stats.example.test/matomo.php'], ['setSiteId', 3]];"
)
REDDIT = "https://alb.reddit.com/rp.gif?"
REST_OF_REDDITS = "&m.currency=USD&m.transactionId=7&m.conversionId=e"
UNIP = "https://trc.taboola.com/1234567/log/3/unip?"
ADSCT = "https://analytics.twitter.com/1/i/adsct?"
LAYER = "window.dataLayer = []; window.gtag = function () { dataLayer.push(arguments); }; gtag('js', new Date());"
ADS = "https://www.googleadservices.com/pagead/conversion/1/?label=x&en="
ANALYTICS = "https://www.google-analytics.com/g/collect?v=2&tid="
OUTBRAIN = "https://tr.outbrain.com/unifiedPixel?marketerId="
CRITEO = "https://sslwidget.criteo.com/event?a="
IMPACT = "https://d.impactradius-event.com/trackConversion?id="
OF_OTHERS = {
    "ire reports each order, and what comes later": (
        "ire",
        "window.ire = function () {}; ire.a = [['identify', {customerId: ''}], ['trackConversion', 12345,"
        " {orderId: 'A', currencyCode: 'USD', orderDiscount: '1.00', items: [{subTotal: 9.99, quantity: 1},"
        " {subTotal: '10.00', quantity: 2}]}, {verifySiteDefinitionMatch: true}]];",
        "ire('trackConversion', 54321, {orderId: 'B'}); ire('identify', {}); ire('trackConversion', 54321);",
        [f"{IMPACT}12345&orderId=A&currencyCode=USD&sum=18.99", f"{IMPACT}54321&orderId=B"],
    ),
    "criteo reports an order to each account": (
        "criteo",
        "window.criteo_q = [{event: 'trackTransaction', id: 'A', item: [{id: 'x', price: 9.99, quantity: 2},"
        " {id: 'y', price: '0.01', quantity: 1}]}, {event: 'setAccount', account: [1, 2]}, {event: 'setEmail'}];",
        "criteo_q.push({event: 'viewHome'}, {event: 'trackTransaction', id: 'B', item: []});",
        [
            *(f"{CRITEO}{id_}&e=trackTransaction&id=A&sum=19.99" for id_ in "12"),
            *(f"{CRITEO}{id_}&e=viewHome" for id_ in "12"),
            *(f"{CRITEO}{id_}&e=trackTransaction&id=B&sum=0" for id_ in "12"),
        ],
    ),
    "obapi reports to each marketer": (
        "obapi",
        "window.obApi = function () {}; obApi.marketerId = '001';"
        "obApi.queue = [['track', 'PAGE_VIEW'], ['other', 'x']];",
        "obApi.marketerId = ['001', '002'];"
        "obApi.dispatch('track', 'Buy', {orderValue: 5, currency: 'USD', orderId: 'A', value: 6});",
        [
            f"{OUTBRAIN}001&name=PAGE_VIEW",
            *(f"{OUTBRAIN}{id_}&name=Buy&orderValue=5&currency=USD&orderId=A" for id_ in ("001", "002")),
        ],
    ),
    "tfa reports what was pushed": (
        "tfa",
        "window._tfa = [{notify: 'event', name: 'page_view', id: 1234567}, {notify: 'mapping'}, {name: 'x', id: 1}];",
        "_tfa.push({notify: 'event', name: 'lead', id: 1234567, revenue: 5, currency: 'USD', orderid: 'A', value: 6},"
        " {notify: 'event', name: 'view'});",
        [f"{UNIP}en=page_view", f"{UNIP}en=lead&revenue=5&currency=USD&orderid=A"],
    ),
    "paq carries out what names the site first": (
        "paq",
        PAQ + "_paq.push(['addTracker', '', 4]);",
        "_paq.push(['addEcommerceItem', 'a'], ['trackEcommerceOrder', 'A-1', 19.99], ['trackEcommerceOrder', 'A-2']);"
        "_paq.push(['trackGoal', 8]); _paq.push(['trackPageView']);",
        [
            *(f"{HIT}idgoal=7&revenue=5&idsite={site}&rec=1" for site in (3, 4)),
            *(
                f"{HIT}idgoal=0&ec_id=A-1&revenue=19.99&ec_items=%5B%5B%22a%22%5D%5D&idsite={site}&rec=1"
                for site in (3, 4)
            ),
            *(f"{HIT}idgoal=8&idsite={site}&rec=1" for site in (3, 4)),
            *(f"{HIT}action_name=x&idsite={site}&rec=1" for site in (3, 4)),
        ],
    ),
    "paq waits for consent": (
        "paq",
        PAQ + "_paq.push(['requireConsent']);",
        "_paq.push(['trackGoal', 8]); new Image().src = 'https://stats.example.test/before';"
        "_paq.push(['setConsentGiven']);",
        [
            "https://stats.example.test/before",
            f"{HIT}idgoal=7&revenue=5&idsite=3&rec=1",
            f"{HIT}idgoal=8&idsite=3&rec=1",
        ],
    ),
    "gtag reports to what an event is sent to, or to all": (
        "gtag",
        f"""{LAYER} gtag('config', 'AW-1'); gtag('config', 'G-1');
        dataLayer.push({{event: 'purchase'}}, ['event', 'x']);""",
        """gtag('event', 'purchase', {send_to: ['AW-1/x', 'G-1'], value: 2, currency: 'USD', transaction_id: 'A'});
        gtag('event', 'login'); gtag('event', 'conversion', {send_to: 'AW-1'});
        gtag('event', 'y', {send_to: 'default'});""",
        [
            f"{ANALYTICS}G-1&en=page_view",
            f"{ADS}purchase&value=2&currency_code=USD&oid=A&gtm=x",
            f"{ANALYTICS}G-1&en=purchase&epn.value=2&cu=USD&ep.transaction_id=A",
            f"{ANALYTICS}G-1&en=login",
            f"{ANALYTICS}G-1&en=y",
        ],
    ),
    "gtag waits for consent": (
        "gtag",
        f"""{LAYER} gtag('consent', 'default', {{ad_storage: 'denied'}}); gtag('config', 'G-1');
        gtag('event', 'conversion', {{send_to: 'AW-1/x'}});""",
        """new Image().src = 'https://www.google-analytics.com/before';
        gtag('consent', 'update', {ad_storage: 'granted'});""",
        [f"{ANALYTICS}G-1&en=page_view", "https://www.google-analytics.com/before", f"{ADS}conversion&gtm=x"],
    ),
    "ttq reports to each pixel, and to one alone": (
        "ttq",
        LOADED,
        "ttq.track('Lead', {value: 2, currency: 'USD'}, {event_id: 'e'}); ttq.instance('B').track('Contact');",
        [
            *(f"{SENT}sdkid={id_}&event=Pageview" for id_ in "AB"),
            *(f"{SENT}sdkid={id_}&event=Lead&value=2&currency=USD&event_id=e" for id_ in "AB"),
            f"{SENT}sdkid=B&event=Contact",
        ],
    ),
    "ttq takes what waits when its base code runs once more": (
        "ttq",
        LOADED,
        "ttq.push(['track', 'Lead']); ttq._i = {A: [['track', 'Contact']]};",
        [
            *(f"{SENT}sdkid={id_}&event=Pageview" for id_ in "AB"),
            *(f"{SENT}sdkid=A&event={name}" for name in ("Lead", "Contact")),
        ],
    ),
    "ttq waits for consent": (
        "ttq",
        LOADED.replace("[['page']]", "[['holdConsent'], ['page']]").replace(", 'B': []", ""),
        "new Image().src = 'https://analytics.tiktok.com/before'; ttq.grantConsent();",
        ["https://analytics.tiktok.com/before", f"{SENT}sdkid=A&event=Pageview"],
    ),
    "uetq works off its list once the page view is told": (
        "uetq",
        "window.uetq = []; uetq.push('event', 'a', {revenue_value: 2, currency: 'USD'}); uetq.push({ea: 'b', gv: 3});"
        "uetq.push('event', '', {transaction_id: 'A'}); uetq.push('set', {pid: 1}); uetq.push('event', 'd');",
        "var o = {ti: '1', q: uetq}; uetq = new UET(o); uetq.push('pageLoad'); uetq.push('pageLoad');"
        "uetq.push('event', 'c', {event_id: 'e'}); uetq.push('other'); uetq.push({y: 1});",
        [
            f"{BAT}evt=pageLoad",
            f"{BAT}evt=custom&ea=a&gv=2&gc=USD",
            f"{BAT}evt=custom&ea=b&gv=3",
            f"{BAT}evt=custom&transaction_id=A",
            f"{BAT}evt=custom&ea=d",
            f"{BAT}evt=custom&ea=c&event_id=e",
        ],
    ),
    "uetq waits for consent": (
        "uetq",
        "window.uetq = []; uetq.push('event', 'a', {}); uetq.push('consent', 'default', {ad_storage: 'denied'});",
        "uetq = new UET({ti: '1', q: uetq}); uetq.push('pageLoad'); new Image().src = 'https://bat.bing.com/before';"
        "uetq.push('consent', 'update', {ad_storage: 'granted'});",
        ["https://bat.bing.com/before", f"{BAT}evt=pageLoad", f"{BAT}evt=custom&ea=a"],
    ),
    "uetq takes no list that another tag has taken": (
        "uetq",
        "window.uetq = []; uetq.push('event', 'a', {});",
        "['1', '2'].forEach(function (ti) { uetq = new UET({ti: ti, q: uetq}); uetq.push('pageLoad'); });",
        [f"{BAT}evt=pageLoad", f"{BAT}evt=custom&ea=a", f"{BAT.replace('ti=1', 'ti=2')}evt=pageLoad"],
    ),
    "pintrk reports to each tag": (
        "pintrk",
        "window.pintrk = function () {}; pintrk.queue = [['load', '1'], ['page'], ['load', 2]];",
        "pintrk('track', 'checkout', {value: 2, currency: 'USD', order_id: 'A'}); pintrk('other'); pintrk('track');",
        [
            f"{PINTEREST}tid=1&event=init",
            *(
                f"{PINTEREST}tid={id_}&event=checkout&ed%5Bvalue%5D=2&ed%5Bcurrency%5D=USD&ed%5Border_id%5D=A"
                for id_ in "12"
            ),
        ],
    ),
    "pintrk without consent reports nothing, nor later": (
        "pintrk",
        "window.pintrk = function () {}; pintrk.queue = [['setconsent', false], ['load', '1'], ['page']];",
        "pintrk('track', 'lead'); pintrk('setconsent', true); pintrk('track', 'signup');",
        [f"{PINTEREST}tid=1&event=signup"],
    ),
    "ttd asks for each pixel": (
        "ttd",
        "",
        "new TTDUniversalPixelApi().init('a', ['b', 'c'], 'https://insight.adsrvr.org/track/up');",
        [f"https://insight.adsrvr.org/track/up?adv=a&upid={one}" for one in "bc"],
    ),
    "oct reports each call": (
        "oct",
        "",
        "twttr.conversion.trackPid('l1ab2', {tw_sale_amount: 5, tw_order_quantity: 2});"
        "twttr.conversion.trackPid('l1ab3');",
        [
            f"{ADSCT.replace('/1/', '/')}txn_id=l1ab2&p_id=Twitter&tw_sale_amount=5&tw_order_quantity=2",
            f"{ADSCT.replace('/1/', '/')}txn_id=l1ab3&p_id=Twitter",
        ],
    ),
    "adwords reports each call, and to the audience what is only for that": (
        "adwords",
        "window.google_conversion_id = 1; window.google_conversion_currency = 'USD';",
        "google_trackConversion({google_conversion_label: 'x', google_conversion_value: 5,"
        " google_conversion_order_id: 'A', google_remarketing_only: false, onload_callback: function () {"
        " google_trackConversion({google_conversion_id: 2, google_remarketing_only: true}); }});",
        [
            "https://www.googleadservices.com/pagead/conversion/1/?"
            "value=5&currency_code=USD&label=x&oid=A&guid=ON&script=0",
            "https://googleads.g.doubleclick.net/pagead/viewthroughconversion/2/?currency_code=USD&guid=ON&script=0",
        ],
    ),
    "qp reports to each pixel": (
        "qp",
        STUB.replace("fbq", "qp").replace("callMethod", "qp") + "qp('init', 'A'); qp('init', 'A');",
        "qp('track', 'ViewContent'); qp('init', 'B'); qp('track', 'Purchase', {value: 2}); qp('track');",
        [
            "https://q.quora.com/_/ad/A/pixel?tag=ViewContent",
            *(f"https://q.quora.com/_/ad/{id_}/pixel?tag=Purchase&value=2" for id_ in "AB"),
        ],
    ),
    "twq reports each event to the pixel that its id names": (
        "twq",
        STUB.replace("fbq", "twq").replace("callMethod", "exe") + "twq('config', 'abc12'); twq('config', 'abc12');",
        "twq('event', 'tw-abc12-def34', {value: 2, currency: 'USD', conversion_id: 7, email_address: null});"
        "twq('event', 'Purchase'); twq('init', 'def34'); twq('track', 'Purchase', {value: null}); twq('track');",
        [
            f"{ADSCT}txn_id=abc12&event=PageView",
            f"{ADSCT}txn_id=abc12&event=tw-abc12-def34&value=2&currency=USD&conversion_id=7",
            *(f"{ADSCT}txn_id={id_}&event=Purchase" for id_ in ("abc12", "def34")),
        ],
    ),
    "rdt reports to each pixel, in the unit that it was told": (
        "rdt",
        STUB.replace("fbq", "rdt").replace("callMethod", "sendEvent").replace("queue", "callQueue")
        + "rdt('init', 'A', {useDecimalCurrencyValues: true}); rdt('init', 'A'); rdt('track', 'PageVisit');",
        "rdt('init', 'B', {optOut: true}); rdt('disableFirstPartyCookies');"
        "rdt('track', 'Purchase', {value: 2, currency: 'USD', transactionId: 7, conversionId: 'e'}); rdt('track');",
        [
            f"{REDDIT}event=PageVisit&id=A&opt_out=0",
            f"{REDDIT}event=Purchase&id=A&m.valueDecimal=2{REST_OF_REDDITS}&opt_out=0",
            f"{REDDIT}event=Purchase&id=B&m.value=2{REST_OF_REDDITS}&opt_out=1",
        ],
    ),
    "snaptr reports to each pixel, and takes over what comes later": (
        "snaptr",
        STUB.replace("fbq", "snaptr").replace("callMethod", "handleRequest")
        + "snaptr('init', 'A', {user_email: ''}); snaptr('init', 'A'); snaptr('track', 'PAGE_VIEW');"
        "snaptr('init', 'B');",
        "snaptr('track', 'PURCHASE', {price: 2, currency: 'USD', transaction_id: 7, client_dedup_id: 'e', value: 3});"
        "snaptr('toString'); snaptr('track');",
        [
            "https://tr.snapchat.com/p?pid=A&ev=PAGE_VIEW",
            *(
                f"https://tr.snapchat.com/p?pid={id_}&ev=PURCHASE&e_pr=2&e_cur=USD&e_tid=7&client_dedup_id=e"
                for id_ in "AB"
            ),
        ],
    ),
    "amzn reports to each tag, where its account is": (
        "amzn",
        "window.amzn = function () {}; amzn.q = [[['addTag', 'A'], 1], [['trackEvent', 'PageView'], 2]];",
        """
        amzn('setRegion', 'EU'); amzn('addTag', 'B'); amzn('addTag', 'B'); amzn('toString');
        amzn('trackEvent', 'Buy', {value: 2, currencyCode: 'USD', unitsSold: 1, clientDedupeId: 'e', other: 3});
        """,
        [
            "https://s.amazon-adsystem.com/iu3?pid=A&event=PageView",
            *(
                f"https://aax-eu.amazon-adsystem.com/s/iu3?pid={id_}&event=Buy&value=2&currencyCode=USD&unitsSold=1"
                "&clientDedupeId=e"
                for id_ in "AB"
            ),
        ],
    ),
    "awin reads its global once": (
        "awin",
        "window.AWIN = {Tracking: {Sale: {amount: '2.00', currency: 'GBP', orderRef: 'A', parts: 'X:2.00'}}};",
        "",
        ["https://www.awin1.com/sread.img?tt=js&tv=2&merchant=&amount=2.00&parts=X%3A2.00&cr=GBP&ref=A"],
    ),
    "cj reads its global once": (
        "cj",
        "window.cj = {order: {enterpriseId: 1, actionTrackerId: '2', orderId: 'A', amount: 2, currency: 'USD'}};",
        "",
        ["https://www.emjcd.com/u?CID=1&TYPE=2&OID=A&AMOUNT=2&CURRENCY=USD&METHOD=TAG"],
    ),
    "adroll reads its globals once": (
        "adroll",
        "adroll_adv_id = 'A'; adroll_pix_id = 'B'; adroll_conversion_value_in_dollars = 2;",
        "",
        ["https://d.adroll.com/pixel?adv=A&pix=B&value=2&currency=USD"],
    ),
    "adroll carries out what is queued, with the page's properties": (
        "adroll",
        "adroll_adv_id = 'A'; adroll_pix_id = 'B'; window.adroll = [['setProperties', [{currency: 'EUR'}]],"
        "['track', ['pageView']], ['track', ['purchase', {conversion_value: 2, order_id: 'X'}]]];",
        "adroll.track('formFill');",
        [
            "https://d.adroll.com/segment/A/B?adroll_version=2.0&adroll_currency=EUR"
            "&event_attributes=%7B%22currency%22%3A%22EUR%22%7D",
            "https://d.adroll.com/uev/A/B/?event_name=purchase&adroll_version=2.0&conv_value=2&adroll_currency=EUR"
            "&order_id=X&event_attributes=%7B%22currency%22%3A%22EUR%22%2C%22conversion_value%22%3A2%2C%22order_id%22%3A"
            "%22X%22%7D",
            "https://d.adroll.com/uev/A/B/?event_name=formFill&adroll_version=2.0&adroll_currency=EUR"
            "&event_attributes=%7B%22currency%22%3A%22EUR%22%7D",
        ],
    ),
    "ytag asks for an image of each conversion": (
        "ytag",
        "window.yjDataLayer = [[{type: 'ycl_cookie'}]]; window.ytag = function () { yjDataLayer.push(arguments); };"
        "ytag({type: 'yss_conversion', config: {yahoo_conversion_id: '1', yahoo_conversion_label: 'x',"
        "yahoo_conversion_value: '5'}});",
        "ytag({type: 'yjad_conversion', config: {yahoo_ydn_conv_io: '2', yahoo_ydn_conv_value: '6'}}); ytag({});",
        [
            "https://b91.yahoo.co.jp/pagead/conversion/1/?value=5&label=x",
            "https://b90.yahoo.co.jp/c?yahoo_ydn_conv_io=2&yahoo_ydn_conv_amount=6",
        ],
    ),
    "adform asks for an image of each tracking point": (
        "adform",
        "window._adftrack = [{pm: 12345, pagename: 'A%7CB', order: {sales: '5', orderid: 'x', currency: 'EUR'}}, {}];",
        "_adftrack.push({pm: 12345, id: 7, order: {sales: ''}}, {pagename: 'x'});",
        [
            "https://track.adform.net/Serving/TrackPoint/?pm=12345&ADFPageName=A%7CB&sales=5&currency=EUR&orderid=x",
            "https://track.adform.net/Serving/TrackPoint/?pm=12345&lid=7",
        ],
    ),
    "adform takes one object, too": (
        "adform",
        "window._adftrack = {pm: 12345, pagename: 'A'};",
        "",
        ["https://track.adform.net/Serving/TrackPoint/?pm=12345&ADFPageName=A"],
    ),
    "ytc fires what the base code hands over, and each that is pushed later": (
        "dotq",
        "window.dotq = [{projectId: '10000', properties: {pixelId: '1'}}, {properties: {pixelId: '2'}}];",
        "YAHOO.ywa.I13N.fireBeacon(dotq); YAHOO.ywa.I13N.fireBeacon([{projectId: '10000', properties: {pixelId: '1',"
        "qstrings: {et: 'custom', ea: 'Buy', gv: 5, el: undefined}}}]);",
        [
            "https://sp.analytics.yahoo.com/spp.pl?a=10000&.yp=1",
            "https://sp.analytics.yahoo.com/spp.pl?a=10000&.yp=1&et=custom&ea=Buy&gv=5",
        ],
    ),
    "oaiq reports to each pixel named by then, and to one alone, and nothing without consent": (
        "oaiq",
        "window.oaiq = function () {}; oaiq.q = [['init', {pixelId: 'A'}], ['measure', 'page_viewed']];",
        """
        oaiq('init', {pixelId: 'B'});
        oaiq('measure', 'custom', {amount: 5, currency: 'USD'}, {event_id: 'e', custom_event_name: 'won'});
        oaiq('consent', false); oaiq('measure', 'lead_created'); oaiq('consent', true);
        oaiq('measureSingle', 'B', 'lead_created'); oaiq('measureSingle', 'C', 'lead_created'); oaiq('toString');
        """,
        [
            f"{MEASURED}pid=A&event=page_viewed",
            *(f"{MEASURED}pid={id_}&event=won&amount=5&currency=USD&event_id=e" for id_ in "AB"),
            f"{MEASURED}pid=B&event=lead_created",
        ],
    ),
    "lintrk reports the page view, and what was told": (
        "lintrk",
        QUEUED + "window._linkedin_data_partner_ids = ['1', '1'];",
        "lintrk('track', {conversion_id: [3, 4], event_id: 'e'}); lintrk('other', {conversion_id: 5});",
        [
            COLLECT,
            f"{COLLECT}&conversionId=2",
            f"{COLLECT}&conversionId=3&eventId=e",
            f"{COLLECT}&conversionId=4&eventId=e",
        ],
    ),
}


@pytest.mark.wide
@pytest.mark.parametrize("name", OF_OTHERS)
def test_a_loader_of_another_platform_asks_for_each_event(tab: Page, name: str) -> None:
    dialect, before, after, wanted = OF_OTHERS[name]
    loader = platforms.dialect_named(dialect).own_loader
    assert loader is not None
    again = loader.script() if "reads its global" in name or "once more" in name else ""
    assert _fired(tab, before, loader.script(), after, again) == wanted


def test_there_is_a_stand_in_for_each_dialect() -> None:
    assert sorted(LOADERS) == ["fbds.js", "fbevents.js", "fp.js"]
