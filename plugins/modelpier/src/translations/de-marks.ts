/** Nachweise einer Version; by the keys of the English wording. */
export const deMarks = {
  'marks.title': 'Nachweise',
  'marks.none': 'keine bekannt',
  'marks.firstSeen': 'zuerst gesehen: {{age}}',
  'marks.scan.name': 'Sicherheitsprüfung',
  'marks.signature.name': 'Signatur',
  'marks.provenance.name': 'Herkunft',
  'marks.sbom.name': 'SBOM',
  'marks.short.safe': 'nichts Bekanntes gefunden',
  'marks.short.executable-format': 'kann Code ausführen',
  'marks.short.suspicious': 'Prüfung: verdächtig',
  'marks.short.dangerous': 'Prüfung: gefährlich',
  'marks.says.safe': 'nichts Bekanntes gefunden',
  'marks.says.executable-format': 'nichts Bekanntes gefunden, kann aber Code ausführen',
  'marks.says.suspicious': 'verdächtig',
  'marks.says.dangerous': 'gefährlich',
  'marks.says.notScanned': 'nicht geprüft',
  'marks.says.signed': 'signiert, nicht überprüft',
  'marks.says.present': 'gefunden',
  'marks.says.absent': 'keine gefunden',
  'marks.says.notAsked': 'noch nicht bekannt',
  'marks.why.safe':
    'Die Dateien wurden vor dem Push durchgesehen; nichts, was bekanntermaßen schadet, wurde gefunden. Mehr kann keine Prüfung versprechen.',
  'marks.why.executable-format':
    'Nichts, was bekanntermaßen schadet, wurde gefunden; Dateien dieses Formats können aber beim Laden Code ausführen: Laden Sie sie nur von Leuten, denen Sie trauen.',
  'marks.why.suspicious':
    'Die Prüfung fand etwas, was die bekannten Bibliotheken nie schreiben. Das Release, das es ausgeliefert hat, durfte das.',
  'marks.why.dangerous':
    'Die Prüfung fand etwas, was dem schadet, der es lädt. Das Release, das es ausgeliefert hat, durfte das.',
  'marks.why.notScanned': 'Das Image sagt nicht, dass seine Dateien geprüft wurden.',
  'marks.why.signed':
    'Jemand hat eine Signatur neben das Image gelegt. Wessen sie ist, wurde hier nicht überprüft; ein Release mit verify überprüft es.',
  'marks.why.present':
    'Die Registry hat ein solches Dokument neben dem Image. Was darin steht, wurde hier nicht überprüft.',
  'marks.why.absent': 'Die Registry hat kein solches Dokument neben dem Image.',
  'marks.why.notAsked': 'Die Registry wurde noch nicht gefragt.',
} as const;
