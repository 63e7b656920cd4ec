import type { ChosenProfile } from '../../shared/model/acquisition.ts';

/** One acquisition that somebody asks for. */
export interface AcquireWish {
  readonly serial: string;
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  readonly profile: ChosenProfile;
  /** Of the profile `own`: ids of the collectors that were chosen. */
  readonly collectors?: readonly string[];
  /** Go on with the one of these that was cut off. */
  readonly resume?: boolean;
}
