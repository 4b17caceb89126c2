import { useAge } from '../../hooks/use-age';
import { useFigures } from '../../hooks/use-figures';

export interface AgeProps {
  /** RFC 3339. */
  readonly since: string;
  /** Puts the age into a sentence. */
  readonly children?: (age: string) => string;
}

/** How long ago, with the exact time at hand. */
export function Age({ since, children = told => told }: AgeProps) {
  const age = useAge();
  const { instant } = useFigures();
  return (
    <time dateTime={since} title={instant(since)}>
      {children(age(since))}
    </time>
  );
}
