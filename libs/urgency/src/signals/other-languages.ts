import type { Signal } from './signal';

/** What follows no word of the Latin script: `\b` knows only the letters of English. */
const WORD_ENDS = '(?![a-z0-9_\\u00c0-\\u024f])';

/** Phrases, those of a language in one line. Each begins with a letter from a to z. */
const phrases = (lines: string): readonly RegExp[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => new RegExp(`(?:${line.trim()})${WORD_ENDS}`));

/** A signal of another language counts as one of the same name in English, with a weight of its own until the weights are fitted to tickets in these languages. */
export interface WeightedSignal extends Signal {
  /** Change of the logit per unit of the signal's number. */
  readonly weight: number;
}

/**
 * The commonest words of emergency in German, French, Spanish, Portuguese, Italian and Dutch, a line each: without them a ticket in these languages has the
 * score of one that says nothing. They stand apart from `SIGNALS`, which weights are fitted to. No phrase is English.
 */
export const OTHER_LANGUAGES: readonly WeightedSignal[] = [
  {
    name: 'harm_danger',
    rubric: 'harm',
    direction: 'raises',
    negatable: true,
    weight: 0.9,
    phrases: phrases(`
      feuer|es brennt|brennt es|feueralarm|brandgeruch|rauchentwicklung|gasleck|gasgeruch|gas tritt aus|lebensgefahr|lebensgefährlich|verletzte?[rn]?|schwerverletzt|stromschlag|notfall|notarzt
      incendie|en feu|au feu|prend feu|fuite de gaz|odeur de gaz|danger de mort|danger vital|bless[ée]s?|urgence vitale|choc électrique
      incendio|en llamas|fuga de gas|olor a gas|peligro de muerte|peligro de vida|heridos?|heridas?|emergencia|descarga eléctrica
      inc[êe]ndio|em chamas|a arder|fuga de g[áa]s|vazamento de g[áa]s|cheiro a g[áa]s|perigo de vida|risco de vida|feridos?|emergência|choque elétrico
      in fiamme|fuga di gas|odore di gas|pericolo di vita|pericolo di morte|feriti|emergenza|scossa elettrica
      er is brand|brand uitgebroken|staat in brand|gaslek|gaslucht|gaslekkage|levensgevaar|levensgevaarlijk|gewonden?|gewond geraakt|noodgeval`),
  },
  {
    name: 'work_outage',
    rubric: 'work_stopped',
    direction: 'raises',
    negatable: false,
    weight: 0.5,
    phrases: phrases(`
      nicht (?:mehr )?(?:erreichbar|verfügbar)|unerreichbar|ausgefallen|ausfall|totalausfall|stromausfall|serverausfall|systemausfall|abgestürzt|offline gegangen|(?:funktioniert|funktionieren|geht|gehen|läuft|laufen|reagiert|druckt|startet|lädt)(?: \\S{1,15})?? nicht(?: mehr)?|lahmgelegt
      en panne|panne (?:générale|totale|de serveur|informatique)|hors service|hors ligne|est inaccessible|sont inaccessibles|indisponibles?|injoignables?|ne (?:fonctionne|fonctionnent|marche|marchent|répond|répondent|charge|démarre) (?:plus|pas)|est tombée?|coupure (?:de|du|d')
      ca[íi]d[oa]s?|se ha caído|se cayó|no (?:funciona|funcionan|responde|responden|carga|arranca)|fuera de servicio|inaccesibles?|no está disponible|no se puede acceder|apagón
      fora do ar|fora de serviço|inacessíve(?:l|is)|indisponíve(?:l|is)|n[ãa]o (?:funciona|funcionam|responde|respondem|carrega|abre|arranca)|deixou de funcionar|caiu|apagão
      non (?:funziona|funzionano|risponde|rispondono|carica|si apre|parte)|fuori servizio|irraggiungibil[ei]|non (?:è più |è |sono )?raggiungibil[ei]|non (?:è più |è |sono )?disponibil[ei]|in tilt|guasto totale|interruzione del servizio|blackout totale
      ligt plat|liggen plat|lag plat|onbereikbaar|niet (?:meer )?(?:bereikbaar|beschikbaar)|(?:een|de|grote|landelijke) storing|stroomstoring|(?:werkt|werken|doet het|laadt|reageert)(?: \\S{1,15})?? niet(?: meer)?|buiten (?:werking|gebruik)|uitgevallen`),
  },
  {
    name: 'work_standstill',
    rubric: 'work_stopped',
    direction: 'raises',
    negatable: false,
    weight: 0.6,
    phrases: phrases(`
      stillstand|steht still|stehen still|steht alles|nichts geht mehr|(?:niemand|keiner) kann (?:\\S{1,15} )?(?:arbeiten|zahlen|bezahlen|bestellen|zugreifen)|kann (?:\\S{1,15} )?(?:niemand|keiner) (?:\\S{1,15} )?(?:arbeiten|zahlen|bezahlen|bestellen|zugreifen)|können nicht (?:mehr )?arbeiten
      plus rien ne (?:fonctionne|marche)|rien ne (?:fonctionne|marche)|personne ne peut|ne pouvons plus (?:travailler|vendre|encaisser)|sont à l'arrêt|est à l'arrêt|bloqués depuis
      nadie puede|nada funciona|no podemos (?:trabajar|vender|cobrar)|todo (?:está )?parado|paralizad[oa]s?
      ningu[ée]m consegue|nada funciona|n[ãa]o conseguimos (?:trabalhar|vender|cobrar)|tudo parado|paralisad[oa]s?
      nessuno (?:può|riesce)|niente funziona|non (?:possiamo|riusciamo a) (?:lavorare|vendere|incassare)|tutto (?:è )?(?:fermo|bloccato)|siamo (?:fermi|bloccati)
      niemand kan|niets werkt|alles ligt stil|ligt stil|liggen stil|kunnen niet (?:meer )?(?:werken|verkopen|afrekenen)`),
  },
  {
    name: 'reach_many',
    rubric: 'reach',
    direction: 'raises',
    negatable: false,
    weight: 0.5,
    phrases: phrases(`
      alle (?:unsere[rn]? )?(?:kunden|nutzer|benutzer|mitarbeiter|filialen|standorte|kassen|patienten|systeme)|(?:hunderte|tausende)(?: von)? (?:kunden|nutzern?|mitarbeitern?)|ganze firma|gesamte (?:firma|system|netz)
      tous (?:les|nos) (?:clients|utilisateurs|employés|collègues|magasins|sites|patients|systèmes)|toute (?:l'entreprise|l'équipe|la société)|(?:centaines|milliers) de (?:clients|utilisateurs)
      tod[oa]s (?:los|las|nuestros|nuestras) (?:clientes|usuarios|empleados|tiendas|sucursales|pacientes|sistemas)|toda la (?:empresa|oficina|plantilla)|(?:cientos|miles) de (?:clientes|usuarios)
      tod[oa]s (?:os|as|os nossos) (?:clientes|utilizadores|usuários|funcionários|lojas|pacientes|sistemas)|toda a (?:empresa|equipa|equipe)|(?:centenas|milhares) de (?:clientes|utilizadores|usuários)
      tutt[ie] (?:i|gli|le|i nostri) (?:clienti|utenti|dipendenti|negozi|pazienti|sistemi)|tutta l'(?:azienda|ufficio)|(?:centinaia|migliaia) di (?:clienti|utenti)
      alle (?:onze )?(?:klanten|gebruikers|medewerkers|winkels|vestigingen|patiënten|systemen)|hele (?:bedrijf|kantoor)|(?:honderden|duizenden) (?:klanten|gebruikers)`),
  },
  {
    name: 'exposure_misuse',
    rubric: 'exposure',
    direction: 'raises',
    negatable: true,
    weight: 0.7,
    phrases: phrases(`
      gehackte?[ns]?|hackerangriff|cyberangriff|verschlüsselungstrojaner|erpressungstrojaner|datenleck|datenpanne|datendiebstahl|unbefugte[rn]? zugriff|karte (?:wurde )?gestohlen|missbraucht
      pirat[ée]e?s?|piratage|cyberattaque|rançongiciel|fuite de données|vol de données|accès non autorisé|carte volée|usurpation d'identité
      hackead[oa]s?|ciberataque|robo de datos|fuga de datos|filtración de datos|acceso no autorizado|tarjeta robada|suplantación de identidad
      hackead[oa]s?|invadid[oa]s?|ciberataque|ataque cibernético|roubo de dados|fuga de dados|vazamento de dados|acesso não autorizado|cartão roubado|cartão clonado
      hackerat[oaie]|attacco informatico|furto di dati|fuga di dati|violazione (?:dei|di) dati|accesso non autorizzato|carta rubata|carta clonata|furto d'identità
      gehackt|cyberaanval|gijzelsoftware|datalek|diefstal van gegevens|onbevoegde toegang|pas gestolen|kaart gestolen`),
  },
  {
    name: 'tone_pressing',
    rubric: 'tone',
    direction: 'raises',
    negatable: true,
    weight: 0.3,
    phrases: phrases(`
      sofort|sofortige[rns]?|umgehend|unverzüglich|dringende?[rns]?|dringlich|eilt|schnellstmöglich|so schnell wie möglich
      immédiatement|tout de suite|urgence|sans délai|au plus vite|dès que possible|le plus rapidement possible
      inmediatamente|de inmediato|urgentes?|urgentemente|urgencia|lo antes posible|cuanto antes|ya mismo
      imediatamente|de imediato|com urgência|urgência|o mais rápido possível|o quanto antes|já agora mesmo
      immediatamente|urgentissimo|urgenza|al più presto|il prima possibile|quanto prima
      onmiddellijk|meteen oplossen|dringende?|spoed|zo snel mogelijk|per direct`),
  },
  {
    name: 'solved',
    rubric: 'solved',
    direction: 'lowers',
    negatable: true,
    weight: -1,
    phrases: phrases(`
      (?:funktioniert|geht|läuft|klappt)(?: \\S{1,15}){0,2} wieder|wieder (?:erreichbar|verfügbar)|(?:hat|haben) sich erledigt|erledigt|(?:problem|störung|fehler) (?:ist |wurde )?(?:gelöst|behoben)
      (?:fonctionne|marche)(?: \\S{1,15}){0,1} (?:à nouveau|de nouveau)|problème (?:est |a été )?(?:résolu|réglé)|est (?:résolu|réglé)
      (?:vuelve a funcionar|ya funciona|funciona (?:otra vez|de nuevo))|(?:problema |está |quedó |ya está )(?:resuelto|solucionado)
      (?:voltou a funcionar|já funciona|funciona (?:outra vez|novamente|de novo))|(?:problema |está |foi )(?:resolvido|solucionado)
      (?:funziona (?:di nuovo|ora)|ora funziona)|(?:problema |stato )?risolto
      (?:werkt|doet het)(?: \\S{1,15}){0,1} weer|weer bereikbaar|(?:probleem |storing )?(?:is |zijn )?opgelost`),
  },
  {
    name: 'no_rush',
    rubric: 'no_rush',
    direction: 'lowers',
    negatable: false,
    weight: -0.5,
    phrases: phrases(`
      nicht (?:so |sehr |besonders )?(?:dringend|eilig)|keine eile|eilt nicht|hat zeit|kein notfall|bei gelegenheit
      pas (?:très |si )?urgente?|rien d'urgent|pas d'urgence|sans urgence|rien ne presse|quand vous (?:pourrez|aurez le temps)
      no es (?:nada |muy )?urgente|no (?:es|hay) (?:ninguna )?(?:urgencia|emergencia|prisa)|sin (?:prisa|urgencia)|cuando (?:pueda|puedan|tengan tiempo)
      n[ãa]o é (?:nada |muito )?urgente|n[ãa]o (?:é|há) (?:nenhuma )?(?:urgência|emergência|pressa)|sem (?:pressa|urgência)|quando puder(?:em)?
      non è (?:affatto |molto )?urgente|non (?:è un'emergenza|c'è (?:fretta|urgenza))|senza (?:fretta|urgenza)|quando (?:potete|avete tempo)
      niet (?:zo |erg )?dringend|geen (?:haast|spoed|noodgeval)|heeft geen haast|wanneer het uitkomt`),
  },
  {
    name: 'wish',
    rubric: 'nothing_asked',
    direction: 'lowers',
    negatable: false,
    weight: -0.25,
    phrases: phrases(`
      ich (?:möchte|würde gerne?|hätte gerne?)|wir (?:möchten|würden gerne?|hätten gerne?)|wie kann ich
      je (?:voudrais|souhaite|souhaiterais|aimerais)|nous (?:voudrions|souhaitons|aimerions)|comment puis-je
      (?:me|nos) gustaría|quisiera|quisiéramos|quiero|cómo puedo
      gostaria|gostaríamos|queria|como (?:posso|faço)
      vorrei|vorremmo|come posso
      ik (?:wil graag|zou graag|wil)|wij (?:willen graag|zouden graag)|hoe kan ik`),
  },
];

/** Words that turn what follows into its opposite. */
export const OTHER_NEGATORS: readonly RegExp[] = phrases(`
  nicht|keine?[nmrs]?|niemand|ohne
  pas|aucune?|sans|ni
  no|ningun[oa]?|ningún|sin|nadie
  n[ãa]o|nenhuma?|sem
  non|nessun[oa]?|senza
  geen|niet|zonder`);
