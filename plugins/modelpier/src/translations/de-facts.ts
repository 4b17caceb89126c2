/** Was die Dateien eines Modells sagen; by the keys of the English wording. */
export const deFacts = {
  'facts.title': 'Modell',
  'facts.none':
    'Das Image sagt nicht, was seine Modelldateien sind. Geben Sie es mit einer Modelpier-Action frei, die sie untersucht.',
  'facts.contradicts': 'model.yaml und die Dateien widersprechen einander',
  'facts.format': 'Format',
  'facts.formatVersion': '{{format}}, Version {{version}}',
  'facts.producer': 'Geschrieben von',
  'facts.inputs': 'Eingaben',
  'facts.outputs': 'Ausgaben',
  'facts.notRecorded': 'steht nicht in den Dateien',
  'facts.anyType': 'beliebiger Typ',
  'facts.tensor': '{{datatype}} {{shape}}',
  'facts.parameters': 'Parameter',
  'facts.inTensors_one': 'in {{count}} Tensor',
  'facts.inTensors_other': 'in {{count}} Tensoren',
  'facts.datatypes': 'Datentypen',
  'facts.ofDatatype': '{{name}}: {{parameters}} Parameter',
  'facts.operators': 'Operatoren',
  'facts.opsets': 'Operatorsätze',
  'facts.opset': '{{domain}} {{version}}',
  'facts.size': 'Bytes',
} as const;
