import fs from 'node:fs';
import path from 'node:path';
import { createUrgencyBaseline } from './baseline/urgency-baseline';
import { findOtherLanguages } from './find-other-languages';
import { beginningsOf } from './phrase-beginnings';
import { SIGNALS } from './signals/all-signals';
import { OTHER_LANGUAGES, OTHER_NEGATORS } from './signals/other-languages';

const baseline = createUrgencyBaseline();
const scoreOf = (text: string): number => baseline.score({ text }).urgency_score;

describe('an emergency', () => {
  it.each([
    'Die Website ist nicht erreichbar, alle Kunden betroffen, bitte sofort beheben!',
    'Totalausfall seit 10 Uhr, niemand kann arbeiten.',
    'Es brennt im Serverraum!',
    'Unser Konto wurde gehackt, bitte umgehend sperren.',
    'Le site est inaccessible pour tous nos clients, veuillez intervenir immédiatement.',
    'Plus rien ne fonctionne, personne ne peut travailler.',
    'Il y a une fuite de gaz dans le magasin.',
    'Notre compte a été piraté, bloquez-le tout de suite.',
    'El sistema está caído y todos los clientes están afectados, es urgente.',
    'Nadie puede trabajar desde esta mañana, no funciona nada.',
    'Hay un incendio en la oficina.',
    'Han hackeado nuestra cuenta, bloquéenla de inmediato.',
    'O site está fora do ar para todos os clientes, resolvam com urgência.',
    'Ninguém consegue trabalhar, o sistema não funciona.',
    'Há um incêndio no armazém.',
    'A nossa conta foi invadida, bloqueiem imediatamente.',
    'Il sito è irraggiungibile per tutti i clienti, intervenite immediatamente.',
    'Nessuno può lavorare, il server non risponde.',
    'C’è una fuga di gas nel negozio.',
    'Il nostro conto è stato hackerato, bloccatelo al più presto.',
    'De website is onbereikbaar voor alle klanten, graag onmiddellijk oplossen.',
    'Alles ligt plat, niemand kan werken.',
    'Er is brand in de serverruimte.',
    'Ons account is gehackt, blokkeer het zo snel mogelijk.',
  ])('is urgent: %s', (text) => {
    expect(scoreOf(text)).toBeGreaterThan(0.65);
  });

  it.each([
    ['Die Website ist nicht erreichbar.', 'Die Website funktioniert wieder.'],
    ['Es ist ein Notfall.', 'Es ist kein Notfall.'],
    ['Das ist dringend.', 'Das ist nicht dringend.'],
    ['C’est une urgence.', 'Ce n’est pas urgent.'],
    ['El servidor no responde.', 'El servidor ya funciona.'],
    ['Há feridos.', 'Não há feridos.'],
    ['Il sito non funziona.', 'Il sito funziona di nuovo.'],
    ['De site werkt niet.', 'De site werkt weer.'],
  ])('is more urgent than its opposite: %s', (urgent, calm) => {
    expect(scoreOf(urgent)).toBeGreaterThan(scoreOf(calm) + 0.1);
  });
});

describe('an everyday request', () => {
  it.each([
    'Ich möchte mein Abo kündigen.',
    'Wie kann ich meine Adresse ändern?',
    'Je voudrais changer d’adresse de facturation.',
    'Quisiera cambiar la dirección de mi factura.',
    'Gostaria de alterar o meu endereço.',
    'Vorrei cambiare il mio indirizzo.',
    'Ik wil graag mijn abonnement opzeggen.',
    'Die Rechnung vom Mai hat eine falsche Adresse.',
    'La factura de mayo tiene otra dirección.',
  ])('is not urgent: %s', (text) => {
    expect(scoreOf(text)).toBeLessThan(0.45);
  });
});

describe('the phrases', () => {
  it('are none of English: no training ticket has one', () => {
    const directory = path.join(__dirname, '..', '..', '..', 'data', 'tickets');
    const tickets = fs
      .readdirSync(directory)
      .flatMap((file) => fs.readFileSync(path.join(directory, file), 'utf8').split('\n'))
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { readonly text: string }).text);
    expect(tickets.length).toBeGreaterThan(1_000);
    expect(tickets.flatMap(findOtherLanguages).map(({ signal, match }) => `${signal.name}: ${match}`)).toEqual([]);
  });

  it('begin with a letter that they are looked up by, each alternative', () => {
    const sources = [...OTHER_LANGUAGES.flatMap(({ phrases }) => phrases), ...OTHER_NEGATORS].map(
      ({ source }) => source,
    );
    for (const source of sources)
      for (const beginning of beginningsOf(source)) expect([source, beginning.length]).not.toContain(0);
  });

  it('belong to signals that English has, of the same direction', () => {
    for (const { name, direction, rubric, weight } of OTHER_LANGUAGES) {
      expect(SIGNALS.find((signal) => signal.name === name)).toMatchObject({ direction, rubric });
      expect(Math.sign(weight)).toBe(direction === 'raises' ? 1 : -1);
    }
  });
});
