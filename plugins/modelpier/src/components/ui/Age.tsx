import { formatAge } from '@modelpier/backstage-plugin-modelpier-common';
import { useNow } from '../../hooks/use-now';

export interface AgeProps {
  /** RFC 3339. */
  readonly since: string;
  /** Puts the age into a sentence. */
  readonly children?: (age: string) => string;
}

/** How long ago, with the exact time at hand. */
export function Age({ since, children = age => age }: AgeProps) {
  const now = useNow();
  return (
    <time dateTime={since} title={new Date(since).toLocaleString()}>
      {children(formatAge(since, now))}
    </time>
  );
}
