import { type Brand, readableOn } from '#kernel/brand';

/** The page's only style sheet. Colours of the brand are moved until they can be read on both grounds. */
export function styleOf({ colour }: Brand): string {
  const light = { accent: readableOn('#ffffff', colour, 4.5), ground: '#ffffff' };
  const dark = { accent: readableOn('#161a21', colour, 4.5), ground: '#161a21' };
  return `:root{color-scheme:light dark;--a:${light.accent};--oa:${light.ground};--c:#f6f7f9;--s:#fff;--l:#dfe3e8;--e:#7f8998;--t:#161b22;--m:#4b5563;--r:#8f3d07}
@media (prefers-color-scheme:dark){:root{--a:${dark.accent};--oa:${dark.ground};--c:#0e1116;--s:#161a21;--l:#2b323d;--e:#6b7686;--t:#e8ebf0;--m:#aeb7c4;--r:#ffb184}}
*{box-sizing:border-box}
body{margin:0;background:var(--c);color:var(--t);font:16px/24px system-ui,-apple-system,"Segoe UI",Roboto,Arial,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:640px;margin:0 auto;padding:0 16px}
header{padding-block:16px;font-weight:600;color:var(--a)}header img{display:block;height:32px;max-width:200px;object-fit:contain}
section,details,form{background:var(--s);border:1px solid var(--l);border-radius:8px;padding:16px;margin:0 0 16px}
h1{font-size:24px;line-height:32px;margin:0 0 4px}h2{font-size:16px;line-height:24px;margin:0 0 8px}
p{margin:0 0 8px}.m{color:var(--m)}.d{font-size:20px;line-height:28px;font-weight:600}.w{color:var(--r);font-weight:600}
.st{display:flex;list-style:none;margin:16px 0;padding:0;gap:4px}
.st li{flex:1;min-width:0;border-block-start:4px solid var(--l);padding-block-start:4px;font-size:12px;line-height:16px;color:var(--m)}
.st .y.y{border-color:var(--a)}.st .n{color:var(--t);font-weight:600}
@media (max-width:479px){.st{flex-direction:column;gap:0}.st li{border-block-start:0;border-inline-start:4px solid var(--l);padding:2px 8px;font-size:14px;line-height:20px}}
ul,.ev{margin:0 0 8px;padding-inline-start:20px}.ev{list-style:none;padding:0}
.ev li{border-inline-start:2px solid var(--l);padding:0 0 12px;padding-inline-start:12px}.ev li:first-child{border-color:var(--a)}
summary{cursor:pointer;font-weight:600;min-height:24px}summary span{font-weight:400;color:var(--m)}details>:nth-child(2){margin-block-start:12px}
details details{padding:0;border:0;margin:8px 0 0}
label{display:block;font-weight:600;margin:0 0 4px}input{width:100%;min-height:44px;padding:8px;margin:0 0 16px;font:inherit;color:inherit;background:var(--s);border:1px solid var(--e);border-radius:6px}
button{min-height:44px;padding:8px 16px;font:inherit;font-weight:600;border:0;border-radius:6px;background:var(--a);color:var(--oa);cursor:pointer}
a{color:var(--a)}:focus-visible{outline:2px solid var(--a);outline-offset:2px}
nav a{display:inline-block;padding:4px 8px 4px 0}footer{padding-block:0 32px;color:var(--m)}
@media print{body{background:none}details>*{display:block}}`;
}
