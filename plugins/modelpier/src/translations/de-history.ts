/** German; by the keys of the English wording. */
export const deHistory = {
  'history.title': 'Im Lauf der Zeit',
  'history.range': 'Wie weit zurück',
  'history.ranges.day': '24 Stunden',
  'history.ranges.week': '7 Tage',
  'history.ranges.month': '30 Tage',
  'history.ranges.quarter': '3 Monate',
  'history.ranges.year': '1 Jahr',
  'history.span.hour':
    'Jeder Punkt ist eine Stunde; eine Lücke heißt, dass nichts gelesen wurde oder keine Messwerte verfügbar waren.',
  'history.span.day':
    'Jeder Punkt ist ein Tag; eine Lücke heißt, dass nichts gelesen wurde oder keine Messwerte verfügbar waren.',
  'history.fewerClusters_one': 'Manchmal wurde der Cluster nicht vollständig gelesen.',
  'history.fewerClusters_other':
    'Manchmal wurden weniger als die {{count}} Cluster gelesen; in den Summen fehlen dann die übrigen.',
  'history.marks': 'Eine gepunktete Linie ist eine Auslieferung, eine rote eine fehlgeschlagene.',
  'history.empty':
    'In dieser Zeit wurde nichts gelesen. Der erste Punkt erscheint, sobald ein Cluster gelesen wird, in dem das Modell läuft.',
  'history.asTable': 'Als Tabelle',
  'history.at': 'Von',
  'history.replicas': 'Replicas',
  'history.clusters': 'Gelesene Cluster',
  'history.replicasOf': '{{ready}} von {{desired}} bereit, mindestens {{fewest}}',
  'history.usedOf': '{{resource}}, genutzt',
  'history.meanAndMost': '{{mean}}, höchstens {{most}}',
  'history.meanHighAndMost': '{{mean}}, 95 % der Messungen höchstens {{high}}, alle höchstens {{most}}',
  'history.requestedOf': '{{resource}}, angefordert',
  'history.fairShareOf': '{{resource}}, fairer Anteil',
  'history.usedMean': 'Genutzt, im Mittel',
  'history.usedMost': 'Genutzt, höchstens',
  'history.requested': 'Angefordert',
  'history.fairShare': 'Fairer Anteil n × R',
  'history.fairShareAbove': 'Fairer Anteil n × R, über dem Diagramm',
  'history.ready': 'Bereit',
  'history.leastReady': 'Bereit, mindestens',
  'history.desired': 'Gewünscht',
  'history.resourceText':
    '{{resource}} im Lauf der Zeit. Jetzt genutzt: {{used}}; höchstens in dieser Zeit: {{most}}; angefordert: {{requested}}.',
  'history.replicaText':
    'Replicas im Lauf der Zeit. Jetzt bereit: {{ready}} von {{desired}}; mindestens in dieser Zeit: {{fewest}}.',
  'history.mark': '{{at}}: Version {{version}} in {{place}}, {{verdict}}',
};
