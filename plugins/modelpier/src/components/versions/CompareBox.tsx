import { type Version } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import { versionName } from './version-name';

export interface Choice {
  readonly chosen: readonly string[];
  readonly onToggle: (digest: string) => void;
}

interface CompareBoxProps {
  readonly version: Version;
  readonly choice: Choice;
}

/** Chooses a version for the comparison; with two chosen, one must be let go before a third. */
export function CompareBox({ version, choice: { chosen, onToggle } }: CompareBoxProps) {
  const { t } = useTranslation();
  const checked = chosen.includes(version.digest);
  const full = chosen.length === 2 && !checked;
  return (
    <input
      type="checkbox"
      aria-label={t('comparison.choose', { version: versionName(version) })}
      title={full ? t('comparison.full') : undefined}
      checked={checked}
      disabled={full}
      onChange={() => onToggle(version.digest)}
    />
  );
}
