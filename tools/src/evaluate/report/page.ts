import { escaped } from '../../e2e/scenarios/simulate/report/svg';
import { table } from '../../e2e/scenarios/simulate/report/tables';
import { figure, percent, type Row, withInterval } from '../../train/report/markdown';
import type { Evaluation, ShownMistake, ShownResults } from '../evaluate';
import { STYLE } from './page-style';
import { drawReliability } from './reliability-plot';
import {
  confusionRows,
  labelRows,
  reasonRows,
  reliabilityRows,
  summaryRows,
  thresholdRows,
  warningsOf,
  whole,
} from './rows';

/** The results as one page that loads nothing from elsewhere. */
export function renderPage(
  { models, files, together }: Evaluation,
  { measuredAt }: { readonly measuredAt: string },
): string {
  const main = together ?? files[0];
  const facts = [...models, `${measuredAt.slice(0, 16).replace('T', ' ')} UTC`];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Smart-Support: measured on ${whole(main?.tickets ?? 0)} tickets</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Measured on your tickets</h1>
<p class="note">${facts.map(escaped).join(' &middot; ')}</p>
</header>
${main ? tiles(main) : ''}
${together ? `<h2>Files</h2>\n${tableOf(summaryRows([...files, together]), 'summary')}` : ''}
${main ? sections(main) : ''}
${together ? files.map(fileDetails).join('\n') : ''}
<p class="note">Intervals are 95 % bootstrap intervals. This page quotes tickets.</p>
</main>
</body>
</html>
`;
}

function fileDetails(results: ShownResults): string {
  return `<details><summary>${escaped(results.name)} <span class="note">${whole(results.tickets)} tickets</span></summary>
${tiles(results)}
${sections(results)}
</details>`;
}

function tiles({ tickets, category, review, urgency }: ShownResults): string {
  const alerts = urgency?.alerts;
  const interval = (text: string): readonly [string, string] => {
    const [value = '', rest = ''] = text.split(/(?= \()/);
    return [value, rest.trim()];
  };
  const shown: (readonly [value: string, name: string, more?: string])[] = [[whole(tickets), 'tickets']];
  if (category) {
    const [value, more] = interval(withInterval(category.accuracy, percent));
    shown.push([value, 'accuracy', more]);
    const [f1, moreF1] = interval(withInterval(category.macroF1));
    shown.push([f1, 'macro-F1', moreF1]);
    if (category.calibration) shown.push([figure(category.calibration.expectedCalibrationError), 'calibration error']);
  }
  shown.push([percent(review.flagged.share), 'flagged for review']);
  if (category) shown.push([percent(review.unflagged.accuracy), 'accuracy without flag']);
  if (category?.none)
    shown.push([percent(category.none.flagged), 'flagged', `of ${whole(category.none.tickets)} labelled none`]);
  if (urgency?.spearman) {
    const [value, more] = interval(withInterval(urgency.spearman));
    shown.push([value, 'urgency, rank correlation', more]);
  }
  if (alerts) {
    shown.push([percent(alerts.precision), 'alert precision', `${alerts.right} of ${alerts.predicted}`]);
    shown.push([percent(alerts.recall), 'alert recall', `${alerts.right} of ${alerts.labelled}`]);
  }
  return `<div class="tiles">${shown
    .map(
      ([value, name, more = '']) =>
        `<div><b>${escaped(value)}</b><span>${escaped(name)}</span><i>${escaped(more)}</i></div>`,
    )
    .join('')}</div>`;
}

function sections(results: ShownResults): string {
  const { category, urgency, mistakes } = results;
  const parts: string[] = [];
  parts.push(...warningsOf(results).map((warning) => `<p class="warning">${escaped(warning)}</p>`));
  if (category) {
    parts.push(`<h2>Categories</h2>
<div class="pair">
<div><h3>Label (row) and prediction (column)</h3>${confusion(results)}</div>
<div><h3>Recognised</h3>${tableOf(labelRows(results))}</div>
</div>`);
  }
  if (category?.none) {
    parts.push(
      '<p class="note">A ticket labelled <code>none</code> belongs to no category; it is right if it is flagged for review.</p>',
    );
  }
  if (category?.calibration) {
    parts.push(`<h2>Confidence</h2>
<div class="pair">
<div><h3>What it is worth</h3><figure>${drawReliability(category.calibration.bins)}</figure></div>
<div><h3>Reliability</h3>${tableOf(reliabilityRows(results))}
<h3>If only tickets from some confidence on went without review</h3>${tableOf(thresholdRows(results))}</div>
</div>`);
  }
  parts.push(`<h2>Review</h2>
<p class="note">Why a person should look at the category. A ticket may have several reasons.</p>
<div class="narrow">${tableOf(reasonRows(results))}</div>`);
  if (urgency?.meanAbsoluteError != null) {
    parts.push(`<p class="note">Mean absolute error of the urgency: ${figure(urgency.meanAbsoluteError)}.</p>`);
  }
  if (mistakes.length > 0) {
    parts.push(`<h2>The most confident mistakes</h2>
<p class="note">With the terms that moved the decision most: positive ones for what was predicted.</p>
<ol class="mistakes">${mistakes.map(mistake).join('\n')}</ol>`);
  }
  return parts.join('\n');
}

function mistake({ file, line, excerpt, label, predicted, confidence, reviewReasons, terms }: ShownMistake): string {
  const chips = terms.map(
    ({ term, weight }) =>
      `<span class="chip ${weight < 0 ? 'against' : ''}">${escaped(term)} ${weight > 0 ? '+' : '&minus;'}${Math.abs(weight).toFixed(2)}</span>`,
  );
  const flags = reviewReasons.length > 0 ? ` &middot; flagged: ${escaped(reviewReasons.join(', '))}` : '';
  return `<li><p><b>${escaped(label)}</b>, predicted <b>${escaped(predicted)}</b> at ${figure(confidence)}${flags}
<span class="note">${escaped(file)}, line ${line}</span></p>
<blockquote>${escaped(excerpt)}</blockquote>
<p>${chips.join(' ')}</p></li>`;
}

/** The confusion, each cell as dark as its share of the row. */
function confusion(results: ShownResults): string {
  const [head = [], ...rows] = confusionRows(results);
  const shaded = rows.map(([label, ...counts]) => {
    const total = counts.reduce<number>((all, count) => all + Number(count), 0);
    const cells = counts.map((count) => {
      const share = total === 0 ? 0 : Number(count) / total;
      return `<span class="cell" style="--share:${(100 * share).toFixed(0)}%">${whole(Number(count))}</span>`;
    });
    return [escaped(String(label)), ...cells];
  });
  return table(head.map(String), shaded, 'confusion');
}

const tableOf = ([head = [], ...rows]: readonly Row[], kind = ''): string =>
  table(
    head.map(String),
    rows.map((cells) => cells.map((cell) => escaped(String(cell)))),
    kind,
  );
