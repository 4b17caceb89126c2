import { useAge } from '../../hooks/use-age';

export interface AgeProps {
  /** RFC 3339. */
  readonly since: string;
  /** Puts the age into a sentence. */
  readonly children?: (age: string) => string;
}

/** How long ago, with the exact time at hand. */
export function Age({ since, children = told => told }: AgeProps) {
  const age = useAge();
  return (
    <time dateTime={since} title={new Date(since).toLocaleString()}>
      {children(age(since))}
    </time>
  );
}
