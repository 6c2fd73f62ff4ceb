#include "report/style.h"

#include <stddef.h>

/* Charts have a white canvas, so on a dark page they lie on a light card. Blue, orange and green are those of the charts
 * (plot/gnuplot.h), darker or lighter for contrast with the paper. */
static const char colours[] =
    ":root{--paper:#fdfdfc;--ink:#1d2127;--soft:#59626d;--line:#e2e4e8;--card:#f4f5f7;--accent:#00639b;"
    "--good:#00714f;--good-wash:#e6f4ee;--bad:#a83c00;--bad-wash:#fcefe6;--right:0,114,178;--wrong:213,94,0;"
    "color-scheme:light dark}\n"
    "@media screen and (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e3e6ea;--soft:#9aa4b0;--line:#2c323a;"
    "--card:#1d2228;--accent:#6fc1f2;--good:#45cf9f;--good-wash:#16302a;--bad:#ff9c63;--bad-wash:#382318;"
    "--right:47,143,208;--wrong:232,112,32}}\n";

static const char text[] =
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}\n"
    "body{margin:0 auto;padding:3.5rem 1.5rem 2rem;max-width:62rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.6 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
    "header{margin-bottom:2.2rem}\n"
    "h1,h2,h3{line-height:1.25;font-weight:650;letter-spacing:-.012em;overflow-wrap:anywhere;text-wrap:balance}\n"
    "h1{font-size:2.1rem;margin:0}\n"
    "h2{font-size:1.35rem;margin:3.2rem 0 1rem;padding-top:1.1rem;border-top:1px solid var(--line)}\n"
    "h3{font-size:1.05rem;margin:2rem 0 .6rem}\n"
    "p{margin:.7rem 0;max-width:46rem;overflow-wrap:anywhere}\n"
    ".subtitle{margin:.5rem 0 0;color:var(--soft);font-size:1.08rem}\n"
    "a{color:var(--accent)}\n"
    "footer{margin-top:4rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}\n"
    ".notice{padding:.7rem 1rem;border-left:4px solid var(--accent);border-radius:0 8px 8px 0;background:var(--card)}\n"
    ".notice.good{border-color:var(--good);background:var(--good-wash)}\n"
    ".notice.bad{border-color:var(--bad);background:var(--bad-wash)}\n"
    ".notice.quiet{border-color:var(--line);color:var(--soft)}\n"
    ".good>.sign,.good .value>.sign{color:var(--good)}\n"
    ".bad>.sign,.bad .value>.sign{color:var(--bad)}\n"
    "pre{margin:.8rem 0;padding:1rem 1.1rem;overflow-x:auto;background:var(--card);border-radius:10px;"
    "font:.84rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;tab-size:4}\n"
    "details{margin:1.2rem 0;border:1px solid var(--line);border-radius:10px}\n"
    "summary{padding:.65rem 1rem;cursor:pointer;font-weight:550;overflow-wrap:anywhere}\n"
    "summary:hover{color:var(--accent)}\n"
    ".inside{padding:0 1rem .6rem}\n"
    ":focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}\n";

static const char contents[] =
    "nav{margin:0 0 2rem;padding:.9rem 1.2rem;background:var(--card);border-radius:10px;font-size:.93rem}\n"
    "nav ol{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}\n"
    "nav a{text-decoration:none}nav a:hover{text-decoration:underline}\n"
    "@media screen and (min-width:80rem){\n"
    ".long{max-width:78rem;display:grid;grid-template-columns:12.5rem minmax(0,1fr);column-gap:3.5rem}\n"
    ".long header,.long footer{grid-column:2}\n"
    ".long nav{grid-column:1;grid-row:1/span 2;align-self:start;position:sticky;top:3.2rem;padding:0;background:none;"
    "border-left:2px solid var(--line);border-radius:0;max-height:calc(100vh - 6rem);overflow-y:auto}\n"
    ".long nav ol{flex-direction:column;padding:.2rem 0 .2rem 1.1rem;gap:.5rem}\n"
    ".long nav a{color:var(--soft)}.long nav a:hover{color:var(--accent)}\n"
    ".long main{grid-column:2;min-width:0}\n"
    "}\n"
    "main>h2:first-child{margin-top:0;padding-top:0;border-top:0}\n";

static const char figures[] =
    ".facts{margin:1rem 0}\n"
    ".facts>div{display:grid;grid-template-columns:10rem 1fr;gap:0 1rem;padding:.35rem 0;"
    "border-bottom:1px solid var(--line)}\n"
    ".facts>div:last-child{border-bottom:0}\n"
    "dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}\n"
    ".tiles{margin:1.4rem 0;padding:0;list-style:none;display:grid;"
    "grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.8rem}\n"
    ".tiles li{display:flex;flex-direction:column;padding:.9rem 1.1rem;background:var(--card);border-radius:12px}\n"
    ".tiles .label{color:var(--soft);font-size:.88rem}\n"
    ".tiles .value{font-size:1.6rem;font-weight:600;line-height:1.35;letter-spacing:-.015em;"
    "font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\n"
    ".tiles .note{color:var(--soft);font-size:.85rem}\n"
    ".tiles .quiet .value{color:var(--soft)}\n";

static const char tables[] =
    "figure{margin:1.4rem 0}\n"
    ".box{overflow-x:auto;max-width:100%}\n"
    "table{border-collapse:collapse;font-size:.93rem;font-variant-numeric:tabular-nums}\n"
    ".table figcaption{margin:0 0 .5rem}\n"
    ".number+td:not(.number),.number+th:not(.number){padding-left:1.2rem}\n"
    "th,td{padding:.36rem .9rem .36rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}\n"
    "th:last-child,td:last-child{padding-right:.3rem}\n"
    "thead th{color:var(--soft);font-weight:550;vertical-align:bottom;"
    "border-bottom:2px solid var(--line)}\n"
    "[role=region] td:first-child,[role=region] "
    "th:first-child{position:sticky;left:0;background:var(--paper);max-width:40vw}\n"
    "td:first-child:not(.number){min-width:6rem}\n"
    ".number{text-align:right;white-space:nowrap;padding:.36rem .3rem .36rem .9rem}\n"
    "thead .number{white-space:normal}\n"
    "tbody tr:last-child>*{border-bottom:0}\n"
    "tr.good>td,td.good{background:var(--good-wash)}\n"
    "tr.bad>td,td.bad{background:var(--bad-wash)}\n"
    "tr.good>td:first-child,tr.bad>td:first-child,td.good,td.bad{padding-left:.5rem}\n"
    "tr.quiet>td,td.quiet{color:var(--soft)}\n"
    ".matrix{border-collapse:separate;border-spacing:2px}\n"
    ".matrix th,.matrix td{border:0;padding:.32rem .55rem;white-space:nowrap}\n"
    ".matrix td{text-align:right;min-width:2.9rem;border-radius:4px}\n"
    ".matrix thead th{text-align:right}\n"
    ".matrix tbody "
    "th{text-align:right;font-weight:500;color:var(--soft)}\n"
    ".matrix .corner{font-weight:400;font-size:.85em}\n"
    /* What goes wrong is rare: its shade grows faster. */
    ".matrix .right{background:rgba(var(--right),calc(.06 + var(--share)*.5))}\n"
    ".matrix .wrong{background:rgba(var(--wrong),calc(.04 + min(1,var(--share)*2.5)*.7))}\n"
    ".matrix .none{color:var(--soft);opacity:.55}\n";

static const char pictures[] =
    ".canvas{display:block;overflow-x:auto;padding:.7rem;background:#fff;border:1px solid var(--line);"
    "border-radius:12px;position:relative}\n"
    ".canvas input{position:absolute;opacity:0;width:1px;height:1px;pointer-events:none}\n"
    ".canvas img{display:block;max-width:100%;height:auto;margin:0 auto;color:#59626d}\n"
    "figcaption{margin-top:.5rem;color:var(--soft);font-size:.9rem;max-width:46rem;overflow-wrap:anywhere}\n"
    "@media screen and (prefers-color-scheme:dark){.canvas{border-color:transparent;filter:brightness(.94)}}\n"
    /* A chart is too small to be read in the width of a phone: a touch shows it larger. */
    "@media screen and (max-width:44rem){\n"
    "body{padding:1.8rem 1rem 1.5rem}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.4rem}\n"
    ".facts>div{grid-template-columns:1fr}\n"
    ".tiles{grid-template-columns:1fr 1fr;gap:.6rem}.tiles li{padding:.7rem .8rem}.tiles .value{font-size:1.25rem}\n"
    "nav ol{flex-direction:column}\n"
    ".matrix th,.matrix td{padding:.3rem .35rem}.matrix td{min-width:2.1rem}.matrix .corner{white-space:normal}\n"
    ".canvas{cursor:zoom-in;padding:.4rem}\n"
    ".canvas::after{content:\"\\2922\";position:absolute;right:.5rem;bottom:.2rem;color:#59626d}\n"
    ".canvas:has(:checked){cursor:zoom-out}\n"
    ".canvas :checked+img{max-width:none;width:46rem}\n"
    ".canvas:has(:focus-visible){outline:2px solid var(--accent)}\n"
    "}\n"
    "@media (min-width:44.01rem){.canvas input{display:none}}\n";

/* Paper: nothing folded, nothing in boxes that scroll, nothing cut by the end of a sheet. */
static const char paper[] =
    "@page{margin:16mm 15mm}\n"
    "@media print{\n"
    ":root{--paper:#fff;--card:#f4f5f7;color-scheme:light}\n"
    "body{max-width:none;padding:0;font-size:10.5pt}\n"
    "nav{display:none}\n"
    "h1,h2,h3,summary,.table figcaption,thead{break-after:avoid}\n"
    "h2{margin-top:1.6rem}footer{display:none}\n"
    ".picture,.table,.tiles,.tiles li,.facts>div,.notice,tr{break-inside:avoid}\n"
    ".canvas{border:0;padding:0;overflow:visible}.canvas img{max-height:22cm;width:auto}\n"
    ".tiles{grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr))}.tiles .value{font-size:14pt}\n"
    "thead{display:table-header-group}\n"
    ".box{overflow:visible}table{font-size:8.5pt}th,td{padding-right:.5rem}.number{padding-left:.5rem}\n"
    "pre{overflow:visible;white-space:pre-wrap;overflow-wrap:anywhere;font-size:7.5pt;padding:.6rem;columns:2}\n"
    "details{border:0}summary{list-style:none;padding:0}.inside{padding:0}\n"
    "details::details-content{content-visibility:visible;display:block;height:auto}\n"
    "*{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
    "}\n";

const char *const page_style[] = {colours, text, contents, figures, tables, pictures, paper, NULL};
