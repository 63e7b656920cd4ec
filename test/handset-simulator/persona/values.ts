import { luhnCheckDigit } from '../../demo-world/identities.ts';
import { shortHash } from '../../demo-world/world.ts';
import type { World, WorldRun } from '../../demo-world/world.ts';
import type { PersonaFile } from './persona-file.ts';
import type { TemplateValues } from './template.ts';

/** Contacts that are in the phone book when the run is over: those of earlier runs stay unless a reset lay between. */
function contactsAfter(world: World, run: WorldRun): ReadonlySet<number> {
  const seen = new Set<number>();
  for (const earlier of world.runs) {
    if (earlier.handset !== run.handset || earlier.startAt > run.startAt) continue;
    const sameState = (earlier.label === 'after-reset') === (run.label === 'after-reset');
    if (!sameState) continue;
    for (const { contact } of earlier.stimuli) if (contact !== null) seen.add(contact);
  }
  return seen;
}

function runValues(world: World, run: WorldRun): TemplateValues {
  const contacts = contactsAfter(world, run);
  return {
    run: run.id,
    account: run.account,
    messagingOn: run.messaging !== 'off',
    selfStarted: run.messaging === 'self-started',
    switchedOn: run.messaging === 'switched-on',
    mxUsed: run.messaging === 'off' ? '0' : '1',
    reset: run.label === 'after-reset',
    hasContact0: contacts.has(0),
    hasContact1: contacts.has(1),
    hasContact2: contacts.has(2),
    contactOfRun: String(run.stimuli.find(({ contact }) => contact !== null)?.contact ?? 0),
    canaryBegin: run.canaries[0].nonce,
    canaryEnd: run.canaries[1].nonce,
  };
}

/** A value beside another: its last digit is another one. Nothing is drawn, so that everything else of a seed stays as it is. */
const beside = (digits: string): string => `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`;

function besideWithCheck(digits: string): string {
  const body = beside(digits.slice(0, -1));
  return `${body}${luhnCheckDigit(body)}`;
}

/** Major releases with their first API level. */
const releases = [
  [6, 23],
  [7, 24],
  [8, 26],
  [11, 30],
  [12, 31],
  [13, 33],
] as const;

/** All placeholders of a persona in one world and run. */
export function valuesOf(world: World, persona: PersonaFile, run: WorldRun | null): TemplateValues {
  const unit = world.handsets[persona.handset];
  const current = unit.contacts[run?.stimuli.find(({ contact }) => contact !== null)?.contact ?? 0];
  const contacts = Object.fromEntries(
    unit.contacts.flatMap((contact, index) => [
      [`contact${index}.name`, contact.name],
      [`contact${index}.msisdn`, contact.msisdn],
      [`contact${index}.national`, contact.national],
    ]),
  );
  return {
    synthetic: world.synthetic,
    seed: String(world.seed),
    model: persona.product.model,
    device: persona.product.device,
    product: persona.product.name,
    release: persona.release,
    sdk: String(persona.sdk),
    // What a handset prints itself, where a placeholder would begin.
    twoOpen: '{{',
    // `{{if since11}}`: what a text has from a release on.
    ...Object.fromEntries(releases.map(([release, sdk]) => [`since${release}`, persona.sdk >= sdk])),
    label: persona.label,
    imei: unit.imei,
    imsi: unit.imsi,
    iccid: unit.iccid,
    // As user builds since 7 print it.
    iccidMasked: `${unit.iccid.slice(0, 9)}[****]`,
    // The second slot of a handset with two, and the card in it.
    imei2: besideWithCheck(unit.imei),
    imsi2: beside(unit.imsi),
    iccid2: besideWithCheck(unit.iccid),
    msisdn2: beside(unit.msisdn),
    mcc: unit.operator.slice(0, 3),
    mnc: unit.operator.slice(3),
    msisdn: unit.msisdn,
    national: unit.national,
    carrier: unit.carrier,
    operator: unit.operator,
    androidId: run?.label === 'after-reset' ? unit.androidIdAfterReset : unit.androidId,
    serial: unit.serial,
    wifiMac: unit.wifiMac,
    bluetoothMac: unit.bluetoothMac.toUpperCase(),
    miAccountId: unit.miAccountId,
    smsSender: unit.smsSender.msisdn,
    smsSenderNational: unit.smsSender.national,
    silentSmsGateway: unit.silentSmsGateway,
    silentSms: `MX/${shortHash(unit.imei)}/${shortHash(unit.iccid)}/${unit.silentSmsPassword}`,
    imeiHash: shortHash(unit.imei),
    iccidHash: shortHash(unit.iccid),
    ...contacts,
    'contact.name': current.name,
    'contact.msisdn': current.msisdn,
    'contact.national': current.national,
    ssid: world.network.ssid,
    bssid: world.network.bssid,
    handsetAddress: world.network.handsetAddress,
    gatewayAddress: world.network.gatewayAddress,
    ...(run === null ? { run: '', account: true } : runValues(world, run)),
    ...persona.values,
  };
}
