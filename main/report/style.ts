/** The look of the printed report: A4, black on white, one accent, tables that break between rows. */
export const reportStyle = `
:root { --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --accent: #0b4f6c; --wash: #f4f7f9; --mono: 'DejaVu Sans Mono', 'Liberation Mono', Consolas, 'Noto Sans TC', monospace; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0; color: var(--ink); background: #fff; font: 9.8pt/1.5 'Noto Sans TC', 'Noto Sans CJK TC', 'Noto Sans', 'PingFang TC', 'Microsoft JhengHei', system-ui, sans-serif; }
main { max-width: 190mm; margin: 0 auto; padding: 8mm 6mm 8mm 14mm; }
h1 { font-size: 22pt; line-height: 1.2; margin: 0 0 4mm; color: var(--accent); }
h2 { font-size: 15pt; line-height: 1.3; margin: 9mm 0 3mm; padding-bottom: 1mm; border-bottom: 2px solid var(--accent); color: var(--accent); break-after: avoid; }
h3 { font-size: 11.5pt; margin: 6mm 0 2mm; break-after: avoid; }
h4 { font-size: 10pt; margin: 4mm 0 1.5mm; break-after: avoid; }
p { margin: 0 0 2.5mm; orphans: 3; widows: 3; }
a { color: var(--accent); text-decoration: none; border-bottom: .4px solid #9db6c2; }
a.plain { color: inherit; }
blockquote { margin: 0 0 2mm; padding: 0 0 0 3mm; border-left: 2px solid var(--line); }
table { border-collapse: collapse; width: 100%; margin: 0 0 4mm; font-size: 8.4pt; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: 1mm 1.6mm; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { background: var(--wash); color: var(--soft); font-weight: 700; overflow-wrap: normal; }
tr { break-inside: avoid; }
.utc { white-space: nowrap; }
.line, .purpose, code.block { display: block; }
table.matrix { font-size: 7.6pt; }
table.matrix td, table.matrix th { padding: .9mm 1.1mm; }
table.matrix td:nth-child(2) { min-width: 30mm; }
table.figures td:last-child, table.figures th:last-child { text-align: right; }
table.changes td:nth-child(2) { width: 34%; }
table.wide-last td:first-child { width: 30mm; }
table.manifest { font-size: 7.2pt; }
table.manifest td { padding: .5mm 1.2mm; }
table.manifest td:nth-child(1), table.manifest td:nth-child(2) { white-space: nowrap; }
table.manifest td:nth-child(4) { text-align: right; white-space: nowrap; }
table.changes td:first-child, table.changes th, table.verdicts td:first-child, table.verdicts th, table.recipients th { white-space: nowrap; }
table.recipients td:first-child { min-width: 27mm; }
table.events td:nth-child(3), table.acquisitions td:nth-child(4) { white-space: nowrap; }
table.events td:nth-child(4) { width: 38%; }
table.manifest code { font-size: 6.1pt; white-space: nowrap; }
table.custody { font-size: 7.6pt; }
table.custody td:nth-child(1), table.custody td:nth-child(3) { white-space: nowrap; }
table.custody code { font-size: 6.1pt; }
table.custody td:nth-child(5) { width: 44mm; }
table.info td:nth-child(1) { width: 14mm; }
table.info td:nth-child(3) { width: 55%; }
table.sign { margin-top: 6mm; }
table.sign th { width: 46mm; }
table.sign th, table.sign td { height: 13mm; vertical-align: bottom; color: var(--soft); border-bottom: 1px solid var(--ink); }
dl { display: grid; grid-template-columns: 40mm 1fr; margin: 0 0 2mm; font-size: 8.8pt; line-height: 1.45; }
dt { color: var(--soft); padding: .4mm 2mm .4mm 0; }
dd { margin: 0; padding: .4mm 0; overflow-wrap: anywhere; }
code, pre { font-family: var(--mono); font-size: 7.5pt; line-height: 1.45; overflow-wrap: anywhere; }
pre { background: var(--wash); padding: 2mm 3mm; margin: 0 0 3mm; white-space: pre-wrap; }
code.block { background: var(--wash); padding: .6mm 1.6mm; margin: .3mm 0 1mm; white-space: pre; overflow-wrap: normal; overflow-x: auto; }
code.bytes { background: var(--wash); padding: .6mm 1.6mm; display: block; word-break: break-all; }
code.bytes mark { background: #ffd54f; font-weight: 700; padding: 0 .8mm; }
code.bytes b { background: #e3e8ec; padding: 0 .8mm; }
.purpose { color: var(--soft); font-size: 8.2pt; }
.contents { break-after: page; }
.contents ol { columns: 2; padding-left: 6mm; margin: 0; }
.contents li { padding: .5mm 0; }
.synthetic { border: 2px solid #9a6700; background: #fff8e1; color: #6b4a00; padding: 2.5mm 3.5mm; font-weight: 700; }
.running { position: fixed; left: 0; top: 0; bottom: 0; width: 6mm; writing-mode: vertical-rl; text-align: center; font-size: 7.5pt; line-height: 6mm; color: var(--soft); overflow: hidden; white-space: nowrap; }
.running.is-synthetic { color: #6b4a00; background: #fff8e1; border-right: 1px solid #9a6700; font-weight: 700; }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: 1mm; padding: 2mm 3mm 1mm; margin: 0 0 3mm; }
.finding h4 { margin: 0 0 1.5mm; }
.finding dl { grid-template-columns: 30mm 1fr; margin: 0; }
.finding.high { border-left-color: #b3261e; }
.finding.medium { border-left-color: #b26a00; }
.finding.low { border-left-color: #3b5b92; }
.finding.dismissed { border-style: dashed; background: #fafafa; }
.finding .number { color: var(--accent); }
.finding .mark { font-size: 7.6pt; border: 1px solid var(--soft); border-radius: 1mm; padding: 0 1.2mm; margin: 0 1mm; color: var(--soft); }
.finding.high .mark { border-color: #b3261e; color: #b3261e; }
.finding.medium .mark { border-color: #b26a00; color: #8a5200; }
.finding h4, .finding dt, .purpose, code.block, code.bytes, .claim h4, .claim blockquote { break-inside: avoid; }
.finding h4, .purpose { break-after: avoid; }
.claim { border-top: 1px solid var(--line); padding: 1.5mm 0 0; margin: 0 0 2mm; }
.claim h4 { margin: 1mm 0; }
.claim dl { grid-template-columns: 30mm 1fr; }
.verdict { font-weight: 700; white-space: nowrap; padding: 0 1.6mm; border-radius: 1mm; border: 1px solid var(--soft); font-size: 8.4pt; }
.verdict.refuted { border-color: #b3261e; color: #b3261e; }
.verdict.confirmed { border-color: #1f6f54; color: #1f6f54; }
.verdict.partly { border-color: #b26a00; color: #8a5200; }
.soft { color: var(--soft); }
.caveat { border-left: 2px solid var(--accent); padding-left: 2mm; }
figure { margin: 0 0 3mm; break-inside: avoid; }
svg text { font: 10px 'Noto Sans TC', 'Noto Sans', sans-serif; fill: var(--ink); }
@page { size: A4; margin: 14mm 12mm 16mm 7mm; }
@media print { main { padding: 0 0 0 10mm; max-width: none; } }
`;
