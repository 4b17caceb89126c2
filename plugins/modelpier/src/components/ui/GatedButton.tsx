import { Button, Tooltip, TooltipTrigger, VisuallyHidden } from '@backstage/ui';
import { type ReactNode, useId } from 'react';
import classes from './GatedButton.module.css';

export interface GatedButtonProps {
  /** Names the button where its text alone does not tell what it is about. */
  readonly label?: string;
  /** Why it cannot be pressed now. */
  readonly refusal: string | undefined;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** A button that, while it cannot be pressed, still takes the focus and says why. */
export function GatedButton({ label, refusal, onPress, children }: GatedButtonProps) {
  const id = useId();
  if (refusal === undefined)
    return (
      <Button size="small" variant="secondary" aria-label={label} onPress={onPress}>
        {children}
      </Button>
    );
  return (
    <TooltipTrigger delay={200}>
      <Button
        size="small"
        variant="secondary"
        className={classes['refused']}
        aria-label={label}
        aria-disabled
        aria-describedby={id}
      >
        {children}
      </Button>
      <Tooltip className={classes['reason']}>{refusal}</Tooltip>
      <VisuallyHidden id={id}>{refusal}</VisuallyHidden>
    </TooltipTrigger>
  );
}
