/** The look of the printed report: A4, black on white, one accent, tables that break between rows. */
export const reportStyle = `
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --accent: #0b4f6c; --wash: #f4f7f9; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 10.5pt/1.5 'Noto Sans TC', 'Noto Sans CJK TC', 'Noto Sans', 'PingFang TC', 'Microsoft JhengHei', system-ui, sans-serif; }
main { max-width: 190mm; margin: 0 auto; padding: 8mm 6mm; }
h1 { font-size: 22pt; line-height: 1.2; margin: 0 0 4mm; color: var(--accent); }
h2 { font-size: 15pt; margin: 10mm 0 3mm; padding-bottom: 1mm; border-bottom: 2px solid var(--accent); color: var(--accent); break-after: avoid; }
h3 { font-size: 11.5pt; margin: 6mm 0 2mm; break-after: avoid; }
p { margin: 0 0 3mm; }
table { border-collapse: collapse; width: 100%; margin: 0 0 4mm; font-size: 8.8pt; }
th, td { text-align: left; vertical-align: top; padding: 1.3mm 1.8mm; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { background: var(--wash); color: var(--soft); font-weight: 700; }
tr { break-inside: avoid; }
dl { display: grid; grid-template-columns: 52mm 1fr; margin: 0 0 3mm; font-size: 9.2pt; }
dt { color: var(--soft); padding: .6mm 0; }
dd { margin: 0; padding: .6mm 0; overflow-wrap: anywhere; }
code, .mono { font-family: 'DejaVu Sans Mono', 'Liberation Mono', Consolas, monospace; font-size: 8.4pt; overflow-wrap: anywhere; }
.synthetic { border: 2px solid #9a6700; background: #fff8e1; color: #6b4a00; padding: 2.5mm 3.5mm; font-weight: 700; }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 1.5mm; padding: 3mm 4mm; margin: 0 0 4mm; break-inside: avoid; }
.finding.high { border-left-color: #b3261e; }
.finding.medium { border-left-color: #b26a00; }
.finding.low { border-left-color: #3b5b92; }
.finding h3 { margin-top: 0; }
.finding .bytes { background: var(--wash); padding: 1.5mm 2mm; }
.bytes mark { background: #ffd54f; font-weight: 700; padding: 0 .8mm; }
.verdict { font-weight: 700; white-space: nowrap; }
.soft { color: var(--soft); }
svg text { font: 10px 'Noto Sans TC', 'Noto Sans', sans-serif; fill: var(--ink); }
@page { size: A4; margin: 15mm 12mm 18mm; }
@media print { main { padding: 0; max-width: none; } }
`;
