import { count, type Decoded, list, literal, object, optional, text } from '../parse/decoder';

/** From the best to the worst. `safe` never says more than that nothing known was found. */
export const VERDICTS = ['safe', 'executable-format', 'suspicious', 'dangerous'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SCAN_POLICIES = ['off', 'warn', 'block'] as const;
export type ScanPolicy = (typeof SCAN_POLICIES)[number];

/** One thing that was found in a file, and why it matters. */
export const scanFinding = object({
  rule: text,
  verdict: literal(...VERDICTS),
  file: text,
  /** Path inside the file, where it is an archive; archives in archives are joined by `!`. */
  member: optional(text),
  /** In bytes from the start of the member, or of the file. */
  offset: optional(count),
  reason: text,
});
export type ScanFinding = Decoded<typeof scanFinding>;

export const scanResult = object({
  policy: literal(...SCAN_POLICIES),
  verdict: literal(...VERDICTS),
  files: count,
  findings: list(scanFinding),
  /** Findings beyond those that are listed. */
  omitted: count,
});
export type ScanResult = Decoded<typeof scanResult>;

/** The worst of the verdicts; `safe` where there is none. */
export const worstVerdict = (verdicts: readonly Verdict[]): Verdict =>
  VERDICTS[Math.max(0, ...verdicts.map(verdict => VERDICTS.indexOf(verdict)))] ?? 'dangerous';

/** What `scan: block` does not let pass. */
export const isBlocked = (verdict: Verdict): boolean => verdict === 'suspicious' || verdict === 'dangerous';

const WORDS: Readonly<Record<Verdict, string>> = {
  safe: 'nothing known found',
  'executable-format': 'nothing known found, in a format that can run code when it is loaded',
  suspicious: 'something that the known libraries never write',
  dangerous: 'something that harms who loads it',
};

/** The verdict in words; none of them says that a file is harmless, for no scan can know. */
export const formatVerdict = (verdict: Verdict): string => WORDS[verdict];

/** Where a finding is: `model.pt: archive/data.pkl at byte 120`. */
export function formatPlace({
  file,
  member,
  offset,
}: Pick<ScanFinding, 'file' | 'member' | 'offset'>): string {
  const inside = member === undefined ? '' : `: ${member}`;
  return `${file}${inside}${offset === undefined ? '' : ` at byte ${offset}`}`;
}
