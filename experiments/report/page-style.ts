// How pages look: on a phone, on a desk, in the dark, and on paper.

import { paletteRules } from './palette.js';

export const pageStyle = `${paletteRules}
*{box-sizing:border-box}
body{margin:0 auto;max-width:58rem;padding:1.5rem 1rem 3rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
h1{font-size:1.55rem;line-height:1.3;margin:.2rem 0 1rem;text-wrap:balance;padding-left:.8rem;border-left:.3rem solid var(--first)}
h1.good{border-color:var(--good)}h1.bad{border-color:var(--bad)}
h2{font-size:1.2rem;margin:2.4rem 0 .8rem;padding-top:1rem;border-top:1px solid var(--grid)}
h3{font-size:1rem;margin:0 0 .4rem}
p{margin:.5rem 0}.soft{color:var(--soft)}
.warning{border-left:.3rem solid var(--second);padding-left:.8rem}
dl{margin:0 0 1.4rem}dl>div{display:grid;grid-template-columns:13rem 1fr;gap:.2rem 1rem;padding:.3rem 0;border-bottom:1px solid var(--grid)}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
figure{margin:1.6rem 0;break-inside:avoid}figcaption{color:var(--soft);font-size:.92rem}
.picture svg{overflow:visible;display:block;width:100%;height:auto}.narrow{display:none}
details{margin:.4rem 0;font-size:.92rem}summary{cursor:pointer;color:var(--soft);padding:.35rem 0}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;font-size:.9rem;min-width:60%}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--grid)}
thead th{color:var(--soft);font-weight:500}tbody th{font-weight:500;min-width:6rem}
.number{text-align:right;font-variant-numeric:tabular-nums}.yes{color:var(--good);white-space:nowrap}.no{color:var(--bad);white-space:nowrap}
pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.8rem;border:1px solid var(--grid);border-radius:.3rem}
button,select,input{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--soft);border-radius:.3rem;padding:.25rem .6rem;min-height:2.1rem}
:focus-visible{outline:2px solid var(--first);outline-offset:2px}
.zoom{display:flex;flex-wrap:wrap;gap:.4rem;margin:.4rem 0;align-items:center;font-size:.9rem}
@media (min-width:44rem){td:last-child:not(.number){overflow-wrap:anywhere;min-width:6rem}}
@media (max-width:44rem){.long{min-width:13rem}caption{max-width:calc(100vw - 2rem)}.wide{display:none}.narrow{display:block}h1{font-size:1.25rem}dl>div{grid-template-columns:1fr}}
@media print{.wide{display:block}.narrow{display:none}.zoom{display:none}body{max-width:none;padding:0}.scroll{overflow:visible}a{color:inherit}}`;
