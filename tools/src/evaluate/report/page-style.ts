/** The style sheet of the page: light or dark as the reader's device, one column on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1f2933; --muted: #5d6975; --line: #d8dfe7; --soft: #eef2f7; --blue: #2f6690; --red: #b8473d; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --ink: #e4e9ee; --muted: #9aa7b4; --line: #333d48; --soft: #222a33; --blue: #7fb2d9; --red: #e58a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 56px; }
header { border-bottom: 2px solid var(--ink); padding-bottom: 12px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 6px; }
h2 { font-size: 19px; margin: 36px 0 8px; }
h3 { font-size: 14px; margin: 16px 0 4px; color: var(--muted); font-weight: 600; }
p { margin: 4px 0; }
.note { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.warning { color: var(--red); font-weight: 600; margin-top: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 18px 0 0; }
.tiles div { display: flex; flex-direction: column; background: var(--soft); border-radius: 8px; padding: 10px 12px; }
.tiles b { font-size: 21px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles span { font-size: 13px; }
.tiles i { font-style: normal; font-size: 12px; color: var(--muted); font-variant-numeric: tabular-nums; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr)); gap: 0 40px; align-items: start; }
.pair > div { min-width: 0; }
.narrow { max-width: 560px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 0 6px 14px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { white-space: normal; color: var(--muted); font-size: 12.5px; font-weight: 600; vertical-align: bottom; }
td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 84px; }
.summary td:first-child { min-width: 170px; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
.confusion td:not(:first-child) { padding: 3px 0 3px 6px; }
.confusion th:not(:first-child) { padding-left: 6px; }
.cell { display: block; padding: 4px 8px; border-radius: 4px; background: color-mix(in srgb, var(--blue) calc(var(--share) * 0.55), var(--soft)); }
figure { margin: 6px 0; }
figure svg { display: block; width: 100%; max-width: 360px; height: auto; }
svg text { fill: var(--muted); }
svg .grid { stroke: var(--line); }
svg .diagonal { stroke: var(--muted); stroke-dasharray: 4 4; }
svg .gap { stroke: var(--red); stroke-width: 2; }
svg .mark { fill: var(--blue); fill-opacity: 0.85; }
code { font: 13px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.mistakes { padding-left: 26px; }
.mistakes li { margin: 0 0 18px; }
.mistakes .note { display: block; }
blockquote { margin: 4px 0 6px; padding-left: 12px; border-left: 3px solid var(--line); overflow-wrap: anywhere; }
.chip { display: inline-block; font-size: 12.5px; padding: 1px 8px; margin: 2px 0; border-radius: 10px; background: color-mix(in srgb, var(--blue) 22%, var(--paper)); overflow-wrap: anywhere; }
.chip.against { background: color-mix(in srgb, var(--red) 20%, var(--paper)); }
details { margin-top: 28px; border-top: 1px solid var(--line); padding-top: 12px; }
summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; }
@media print { main { padding: 0; } tr, figure, li { break-inside: avoid; } }
`;
