import type { StimulusKind } from '../demo-world/world.ts';
import { joinNetwork } from './joining.ts';
import {
  activate,
  askUpdates,
  checkPackages,
  lookUp,
  openChat,
  plain,
  register,
  sendLogs,
  sendPackedReport,
} from './messaging-service.ts';
import type { LookUp } from './messaging-service.ts';
import { askCanary, canaryLeadUs, ordinaryTraffic, talkTls } from './ordinary-traffic.ts';
import { usOf } from './scene.ts';
import type { Scene } from './scene.ts';

const second = 1_000_000;

/** Calls back some seconds after the stimulus, where the run has it. */
function after(
  scene: Scene,
  kind: StimulusKind,
  seconds: readonly [number, number],
  act: (atUs: number) => void,
): void {
  const at = scene.stimulusUs(kind);
  if (at !== undefined) scene.at(at + scene.random.between(seconds[0] * second, seconds[1] * second), act);
}

/** What was opened or came in is looked up: the contact when it is made and used, the sender of the SMS. */
function lookUps(scene: Scene): void {
  const { owner, run, random } = scene;
  const contact = owner.contacts[run.stimuli.find(({ kind }) => kind === 'contact-created')?.contact ?? 0];
  const made: LookUp = { msisdn: contact.msisdn, text: contact.national, swap: true };
  const used: LookUp = { msisdn: contact.msisdn, text: encodeURIComponent(contact.msisdn) };
  const sender: LookUp = {
    msisdn: owner.smsSender.msisdn,
    text: random.pick([encodeURIComponent(owner.smsSender.msisdn), owner.smsSender.national]),
    retransmit: true,
  };
  after(scene, 'contact-created', [1, 4], (at) => lookUp(scene, at, made));
  after(scene, 'sms-sent', [1, 5], (at) => lookUp(scene, at, used));
  after(scene, 'sms-received', [1, 3], (at) => lookUp(scene, at, sender));
}

/** The messaging service that starts by itself (R1, R2, R5), and the other senders of the old build. */
function selfStarted(scene: Scene, joinedUs: number): void {
  const { run, random } = scene;
  const soon = (low: number, high: number): number => joinedUs + random.between(low * second, high * second);
  scene.at(soon(5, 7), (at) => activate(scene, at, 'iccid'));
  const how = {
    loggedIn: false,
    echo: run.id === 'R1',
    retransmit: run.id === 'R5',
    ...(run.id === 'R2' ? { chunks: [17, 60] } : {}),
  };
  scene.at(soon(8, 10), (at) => register(scene, at, how));
  scene.at(soon(11, 13), (at) => openChat(scene, at, run.id === 'R5'));
  scene.at(soon(14, 18), (at) => checkPackages(scene, at, run.id === 'R2' ? 'chunked' : 'gzip'));
  scene.at(soon(19, 24), (at) => sendLogs(scene, at));
  lookUps(scene);
}

/** With a Mi account: the login over TLS, then the card's and the account's numbers in clear. */
function loggedIn(scene: Scene): void {
  after(scene, 'cloud-login', [4, 8], (at) => {
    talkTls(scene, 'account.xiaomi.com', at, [620, 1_900, 410, 2_600]);
    scene.at(at + 6 * second, (later) => activate(scene, later, 'imsi'));
    scene.at(at + 9 * second, (later) => register(scene, later, { loggedIn: true, echo: false, retransmit: false }));
    scene.at(at + 12 * second, (later) => talkTls(scene, 'api.micloud.xiaomi.net', later, [1_400, 900, 5_200, 700]));
    scene.at(at + 16 * second, (later) => openChat(scene, later, true));
    scene.at(at + 22 * second, (later) => sendPackedReport(scene, later));
  });
}

/** A second unit on the same hotspot: its number must not be laid to the first one's account. */
function neighbour(scene: Scene, atUs: number): void {
  const other = scene.world.handsets.H2;
  const station = { mac: other.wifiMac, address: scene.addressOf('H2') };
  const path = `/mig/report?imei=${other.imei}&v=2`;
  const plants = [plain(scene, 'imei', other.imei, other)];
  const answer = { text: 'ok', type: 'text/plain' };
  scene.exchange({ host: 'pmir.3g.qq.com', method: 'GET', path, plants, answer }, atUs, station);
}

/** Upgraded, reset, switched on by hand: everything to the service goes in TLS, and only from then on. */
function switchedOn(scene: Scene, consentUs: number): void {
  const host = 'api.account.xiaomi.com';
  after(scene, 'cloud-login', [4, 8], (at) => talkTls(scene, 'account.xiaomi.com', at, [640, 1_850, 390, 2_400]));
  const first = consentUs + scene.random.between(2 * second, 5 * second);
  scene.at(first, (at) => talkTls(scene, host, at, [540, 420, 610, 380]));
  for (const kind of ['contact-created', 'sms-sent', 'sms-received'] as const)
    after(scene, kind, [1, 5], (at) => talkTls(scene, host, at, [470, 260]));
}

/** Tells a run: everything that the gateway saw of it. */
export function tell(scene: Scene): void {
  const { run, random } = scene;
  const joinedUs = joinNetwork(scene);
  for (const canary of run.canaries) scene.at(usOf(canary.at) - canaryLeadUs, () => askCanary(scene, canary));
  ordinaryTraffic(scene, joinedUs);
  if (run.id === 'R1' || run.id === 'R2' || run.id === 'R5') selfStarted(scene, joinedUs);
  if (run.id === 'R2') {
    loggedIn(scene);
    scene.at(joinedUs + random.between(40 * second, 90 * second), (at) => neighbour(scene, at));
  }
  if (run.id === 'R5') {
    scene.at(joinedUs + 31 * second, (at) => activate(scene, at, 'imsi'));
    scene.at(joinedUs + random.between(35 * second, 50 * second), (at) => askUpdates(scene, at));
  }
  if (run.id === 'R4' && run.consentAt !== null) switchedOn(scene, usOf(run.consentAt));
  scene.play();
}
