/** The style sheet of the page: dark text on white, as wide as a laptop's screen. */
export const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #ffffff; color: #1f2933; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 24px 28px 56px; }
header { display: flex; justify-content: space-between; align-items: flex-start; gap: 24px; border-bottom: 2px solid #1f2933; padding-bottom: 14px; }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 34px 0 8px; }
p { margin: 4px 0; }
.facts { color: #66727f; font-size: 12.5px; }
.facts span + span::before { content: "\\00b7"; margin: 0 7px; }
.note { color: #66727f; font-size: 12.5px; }
.verdict { font-weight: 600; font-size: 15px; white-space: nowrap; padding: 8px 16px; border-radius: 6px; }
.verdict.pass { background: #dcebe7; color: #2c6b60; }
.verdict.fail { background: #b8473d; color: #ffffff; }
.tiles { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 10px 22px; margin: 16px 0 0; }
.tiles div { display: flex; flex-direction: column; }
.tiles b { font-size: 17px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles span { color: #66727f; font-size: 12px; }
figure { margin: 10px 0; }
figure svg { display: block; width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; font-weight: 600; color: #66727f; font-size: 12px; padding: 5px 14px 5px 0; border-bottom: 1px solid #cfd8e3; vertical-align: bottom; }
td { padding: 6px 14px 6px 0; border-bottom: 1px solid #e3e8ee; vertical-align: top; font-variant-numeric: tabular-nums; }
td:last-child, th:last-child { padding-right: 0; }
code { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.scenarios td:nth-child(-n+4) { white-space: nowrap; }
.scenarios td:nth-child(5) { color: #66727f; }
.findings td:nth-child(2) { width: 36%; }
.incidents td:nth-child(3), .incidents td:nth-child(4), .incidents td:nth-child(5) { white-space: nowrap; }
.incidents td:last-child { color: #66727f; min-width: 200px; }
.chip { display: inline-block; min-width: 34px; text-align: center; font-size: 11.5px; font-weight: 600; padding: 1px 7px; border-radius: 9px; }
.chip.pass { background: #dcebe7; color: #2c6b60; }
.chip.fail { background: #b8473d; color: #ffffff; }
.chip.info { background: #eef2f7; color: #66727f; }
@media print { main { padding: 0; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; } }
`;
