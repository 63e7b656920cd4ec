import type { ReactNode } from 'react';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet';
  readonly disabled?: boolean;
  readonly busy?: boolean;
  /** Why it cannot be pressed now; shown on hover and read out. */
  readonly title?: string | undefined;
  readonly label?: string;
  readonly pressed?: boolean;
}

export function Button(props: ButtonProps) {
  const { children, onPress, kind = 'plain', disabled = false, busy = false, title, label, pressed } = props;
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      disabled={disabled || busy}
      aria-busy={busy}
      aria-label={label}
      aria-pressed={pressed}
      title={title}
      onClick={onPress}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  );
}

/** A button that looks like a link: goes to another place in the program. */
export function LinkButton({ children, onPress, title }: Pick<ButtonProps, 'children' | 'onPress' | 'title'>) {
  return (
    <button type="button" className="link" onClick={onPress} title={title}>
      {children}
    </button>
  );
}
