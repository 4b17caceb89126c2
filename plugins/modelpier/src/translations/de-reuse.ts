/** German; by the keys of the English wording. */
export const deReuse = {
  'reuse.summary': 'Wie viele Bytes einer Version schon da waren: R = 1 − (S1 + … + SN) / S0.',
  'reuse.release': 'Version {{version}} für {{platform}}',
  'reuse.against': 'Gegen die Version davor, {{digest}}',
  'reuse.fleet': 'Alle lebenden Versionen zusammen',
  'reuse.fleetNote':
    'Was das Teilen in der Registry spart: Ein Layer, den mehrere Versionen haben, liegt dort nur einmal.',
  'reuse.equation': 'R = 1 − {{newBytes}} / {{totalBytes}} = {{ratio}}',
  'reuse.unknownEquation': 'R ist nicht bekannt.',
  'reuse.terms_one':
    'S1 ist der eine neue Layer von {{newBytes}}; S0 sind {{totalBytes}} insgesamt, {{basis}}.',
  'reuse.terms_other':
    'S1 bis S{{count}} sind {{count}} neue Layer von {{newBytes}}; S0 sind {{totalBytes}} insgesamt, {{basis}}.',
  'reuse.terms_zero': 'Kein Layer ist neu; S0 sind {{totalBytes}} insgesamt, {{basis}}.',
  'reuse.fleetTerms_one':
    'S1 ist der eine Layer von {{newBytes}}; S0 sind {{totalBytes}} über alle Versionen, {{basis}}.',
  'reuse.fleetTerms_other':
    'S1 bis S{{count}} sind die {{count}} verschiedenen Layer von {{newBytes}}; S0 sind {{totalBytes}} über alle Versionen, {{basis}}.',
  'reuse.basis.compressed': 'komprimiert',
  'reuse.basis.uncompressed': 'unkomprimiert',
  'reuse.reason.empty-image': 'Das Image hat keine Layer.',
  'reuse.reason.unknown': 'Die Größe eines Layers ist nicht bekannt.',
  'reuse.reason.first-release': 'Erste Version: Es gibt keine davor, mit der sie etwas teilen könnte.',
  'reuse.bar.release':
    '{{base}} mit dem Basis-Image geteilt, {{own}} in eigenen geteilten Layern, {{newBytes}} neu',
  'reuse.bar.fleet':
    '{{newBytes}} gespeichert; {{base}} an Basis-Layern und {{own}} an eigenen nicht noch einmal',
  'reuse.base.release': 'Basis, geteilt',
  'reuse.base.fleet': 'Basis, nicht noch einmal gespeichert',
  'reuse.own.release': 'Eigenes, geteilt',
  'reuse.own.fleet': 'Eigenes, nicht noch einmal gespeichert',
  'reuse.rest.release': 'Neu',
  'reuse.rest.fleet': 'Gespeichert',
  'reuse.new': 'Neu',
  'reuse.layersLabel': 'Layer von {{version}}',
  'reuse.layer': 'Layer',
  'reuse.kind.base': 'Basis',
  'reuse.kind.weights': 'Gewichte',
  'reuse.kind.assets': 'Beigaben',
  'reuse.kind.code': 'Code',
  'reuse.kind.dockerfile': 'Dockerfile',
  'reuse.kind.unknown': 'Layer',
  'reuse.files': 'Dateien',
  'reuse.size': 'Größe',
  'reuse.state': 'In der Version davor',
  'reuse.shared': 'Geteilt',
  'reuse.sharedWith': 'Geteilt mit',
  'reuse.versions_one': '{{count}} weiteren Version',
  'reuse.versions_other': '{{count}} weiteren Versionen',
  'reuse.nobody': 'niemandem',
  'reuse.emptyTitle': 'Keine Version zu betrachten',
  'reuse.emptyHint':
    'Die Wiederverwendung errechnet sich aus den Layern der neuesten Version. Pushen Sie eine mit der Modelpier-Action.',
};
