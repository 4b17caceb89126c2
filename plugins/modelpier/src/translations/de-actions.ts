/** Zurückrollen, Überführen und der Fortgang; by the keys of the English wording. */
export const deActions = {
  'actions.title': 'Aktionen',
  'actions.cancel': 'Abbrechen',
  'actions.failed': 'Es wurde nicht gestartet, oder niemand weiß es',
  'actions.loading': 'Wird noch geladen.',
  'actions.unserved':
    'Das Backend des Portals startet noch keine Workflows. Aktualisieren Sie das Plugin @modelpier/backstage-plugin-modelpier-backend.',
  'actions.denied': 'Ihnen fehlt die Berechtigung {{permission}}. Bitten Sie das Team des Portals darum.',
  'actions.notSetUp': 'Nicht eingerichtet: {{reason}}.',
  'actions.notSetUpHint': 'Nicht eingerichtet: {{reason}}. Was zu tun ist: {{hint}}.',
  'actions.noEnvironment':
    'Der Workload sagt nicht, welche Umgebung er ist; so kann es keinem Workflow gesagt werden.',
  'actions.underWay': 'In {{environment}} ist schon etwas im Gange; der Fortgang steht oben.',
  'actions.nowhere':
    'Von {{environment}} ist kein anderes gesundes Release aufbewahrt, zu dem man zurückkönnte.',
  'actions.noVersion': 'Was hier läuft, liegt in keiner Registry, die das Portal kennt.',
  'actions.changes': 'Was sich in {{environment}} ändert',
  'actions.first':
    'In {{environment}} läuft nichts von diesem Modell; {{version}} wird dort die erste Version.',
  'actions.from': 'von',
  'actions.to': 'zu',
  'actions.workflow':
    'Das startet {{workflow}} von {{repository}} auf {{ref}}. Dieser Workflow macht die Änderung, nach den Regeln seiner Umgebung; das Portal selbst ändert nichts.',
  'actions.differences': 'Was anders ist',
  'actions.notComparable':
    'Was anders ist, ist nicht bekannt: Eine von beiden liegt in keiner Registry, die das Portal kennt.',
  'actions.comparisonFailed': 'Was anders ist, konnte nicht gelesen werden: {{reason}}',
  'actions.compareAll': 'Beide ganz vergleichen',
  'actions.metric': '{{name}}: {{before}} → {{after}} ({{change}})',
  'actions.metricOfOne': '{{name}}: {{before}} → {{after}}',
  'actions.markChange': '{{mark}}: {{before}} → {{after}}',
  'actions.andMore_one': '{{names}} und {{count}} weitere',
  'actions.andMore_other': '{{names}} und {{count}} weitere',
  'actions.rollback.open': 'Zurückrollen',
  'actions.rollback.label': '{{environment}} zurückrollen',
  'actions.rollback.title': '{{environment}} zurückrollen',
  'actions.rollback.confirm': 'Auf {{version}} zurückrollen',
  'actions.rollback.choose': 'Zurück zu',
  'actions.rollback.released': 'Release: {{age}}',
  'actions.rollback.releasedBy': 'Release: {{age}}, von {{actor}}',
  'actions.rollback.effect':
    'Die aufbewahrten Manifeste von {{version}} werden wieder angewandt: Image, Ressourcen und Einstellungen.',
  'actions.rollback.started': 'Rollback von {{environment}} auf {{version}}',
  'actions.promote.open': 'Überführen',
  'actions.promote.label': '{{version}} von {{environment}} überführen',
  'actions.promote.title': '{{version}} überführen',
  'actions.promote.confirm': 'Nach {{environment}} überführen',
  'actions.promote.choose': 'Überführen nach',
  'actions.promote.other': 'In eine andere Umgebung',
  'actions.promote.environment': 'Name der Umgebung',
  'actions.promote.unnamed':
    'Wählen Sie eine Umgebung: Buchstaben, Ziffern, Punkte, Binde- und Unterstriche.',
  'actions.promote.isThere': 'In {{environment}} läuft {{version}} schon.',
  'actions.promote.effect':
    'Genau die Bytes dieses Images werden freigegeben, mit den Manifesten vom Branch des Workflows.',
  'actions.promote.started': 'Überführung von {{version}} nach {{environment}}',
  'actions.progress.dismiss': 'Ausblenden',
  'actions.progress.asking': 'Es wird gefragt, ob es gestartet wurde.',
  'actions.progress.unknown': 'Niemand weiß, ob es gestartet wurde: Es kam keine Antwort.',
  'actions.progress.again': 'Noch einmal fragen; gestartet wird nur einmal',
  'actions.progress.dispatched': '{{workflow}} von {{repository}} auf {{ref}} gestartet.',
  'actions.progress.run': 'Sein Lauf',
  'actions.progress.runs': 'Läufe des Workflows',
  'actions.progress.waiting': 'Es wird darauf gewartet, dass der Lauf sein Release einträgt.',
  'actions.progress.longWaiting':
    'Der Lauf hat noch kein Release eingetragen. Vielleicht wartet er auf eine Freigabe oder einen Runner, oder er ist vorher gescheitert: Sehen Sie nach.',
  'actions.progress.recorded': 'Release eingetragen in {{cluster}} / {{namespace}}.',
} as const;
