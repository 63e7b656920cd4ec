import { useId, type ReactNode } from 'react';

interface FieldFrameProps {
  readonly label: string;
  readonly wide?: boolean;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly children: (ids: { readonly input: string; readonly described: string | undefined }) => ReactNode;
}

function FieldFrame({ label, wide = false, hint, error, children }: FieldFrameProps) {
  const id = useId();
  const described = hint === undefined && error === undefined ? undefined : `${id}-about`;
  return (
    <div className={`field${error === undefined ? '' : ' field-wrong'}${wide ? ' field-wide' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children({ input: id, described })}
      {described === undefined ? null : (
        <p id={described} className={error === undefined ? 'hint' : 'hint hint-wrong'} aria-live="polite">
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export interface TextFieldProps {
  readonly label: string;
  /** Takes the whole width of its form. */
  readonly wide?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly mono?: boolean;
  readonly rows?: number;
  readonly required?: boolean;
  readonly suggestions?: readonly string[];
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, hint, error, placeholder, mono = false, rows, required = false, suggestions } = props;
  return (
    <FieldFrame label={label} wide={props.wide ?? false} hint={hint} error={error}>
      {({ input, described }) => {
        const shared = {
          id: input,
          value,
          required,
          placeholder,
          'aria-describedby': described,
          'aria-invalid': error !== undefined,
          className: mono ? 'mono' : undefined,
          autoComplete: 'off',
          spellCheck: false,
        };
        if (rows !== undefined) {
          return <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />;
        }
        return (
          <>
            <input
              {...shared}
              type="text"
              list={suggestions === undefined ? undefined : `${input}-list`}
              onChange={(event) => onChange(event.target.value)}
            />
            {suggestions === undefined ? null : (
              <datalist id={`${input}-list`}>
                {suggestions.map((entry) => (
                  <option key={entry} value={entry} />
                ))}
              </datalist>
            )}
          </>
        );
      }}
    </FieldFrame>
  );
}

export interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
  readonly hint?: string | undefined;
}

export function SelectField<Value extends string>({ label, value, options, onChange, hint }: SelectFieldProps<Value>) {
  return (
    <FieldFrame label={label} hint={hint}>
      {({ input, described }) => (
        <select
          id={input}
          value={value}
          aria-describedby={described}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}

export interface CheckFieldProps {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, checked, disabled = false, onChange }: CheckFieldProps) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
