import { Text } from '@backstage/ui';
import { type ReactNode, useId } from 'react';

/** A titled part of a panel or of a row's details. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Text as="h4" id={id} variant="body-medium" weight="bold">
        {title}
      </Text>
      {children}
    </section>
  );
}
