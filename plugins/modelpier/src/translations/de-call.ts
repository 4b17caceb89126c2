/** German; by the keys of the English wording. */
export const deCall = {
  'call.title': 'So wird es aufgerufen',
  'call.signature': 'Ein- und Ausgaben von {{version}}',
  'call.tensor': 'Tensor',
  'call.part': 'Art',
  'call.input': 'Eingabe',
  'call.output': 'Ausgabe',
  'call.datatype': 'Datentyp',
  'call.shape': 'Form',
  'call.notSaid': 'nicht angegeben',
  'call.variable': 'Eine Dimension von −1 darf jede Größe haben; die Anfragen unten senden 1.',
  'call.ways': 'Wege zu fragen',
  'call.way.curl': 'curl',
  'call.way.python': 'Python',
  'call.way.json': 'JSON',
  'call.inAll': '… {{elements}} Werte insgesamt',
  'call.tooLarge': 'Zu groß für eine Zwischenablage: Das Python-Programm erzeugt die Anfrage.',
  'call.forward': 'Vom eigenen Rechner aus erreichen',
  'call.unknown':
    'Das Image von {{version}} sagt nicht vollständig, welche Eingaben das Modell nimmt. Geben Sie sie in model.yaml an und liefern Sie neu aus, oder fragen Sie das laufende Modell.',
  'call.declare': 'In model.yaml angeben',
  'call.metadata': 'Das laufende Modell fragen',
};
