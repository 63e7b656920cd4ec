import type { FromHost, HostHandlers } from '../../../../main/workflow/host/host-protocol.ts';
import type { Page } from '../../../../shared/contract/operation.ts';
import { fail, ok } from '../../../../shared/model/problem.ts';
import {
  acquisitions,
  caseState,
  collectorResults,
  custody,
  events,
  handsets,
  identifiers,
  intakes,
  liveHandsets,
  outstandingChanges,
  plannedCollectors,
  sha256,
} from './fixture-case.ts';
import {
  changes,
  claims,
  complaints,
  runsAsTaken,
  decide,
  findingDetail,
  findings,
  recipients,
} from './fixture-findings.ts';
import { exchangePart, exchangeText } from './exchange-data.ts';
import { exhibits, flowAt, flows, messagesOf, passes, timelineOf, totals, visibility } from './fixture-traffic.ts';
import { parseFilter } from '../../../../shared/filter/parse-filter.ts';
import type { FilterTerm } from '../../../../shared/filter/parse-filter.ts';
import { appAt, manyApps, places, sectionsOf, settingRows } from './fixture-snapshot.ts';
import { createFakeTasks } from './fake-tasks.ts';

const scenario = process.env['FAKE_HOST_SCENARIO'] ?? 'rich';

function page<Row>(rows: readonly Row[], after: string | null, limit: number): Page<Row> {
  const from = after === null ? 0 : Number(after);
  const next = from + limit < rows.length ? String(from + limit) : null;
  return { rows: rows.slice(from, from + limit), next, total: rows.length };
}

const manyFlows = 5_000_000;

function termsOf(filter: string): readonly FilterTerm[] {
  const parsed = parseFilter(filter);
  return parsed.ok ? parsed.terms : [];
}

const nowhere = { address: null, names: [], country: null, asn: null, holder: null, sources: [] };
const includes = (row: unknown, text: string | null): boolean =>
  text === null || JSON.stringify(row).toLowerCase().includes(text.toLowerCase());

/** Text as an attacker's handset would say it. */
export const hostileText = 'HM\u202e1SW<img src=x onerror="alert(1)">\u0007\u200b';

const live = () => ({
  adb: {
    ready: true,
    version: '1.0.41',
    server: '127.0.0.1:5037',
    ownership: 'ours' as const,
    problem: null,
    foreign: scenario === 'hostile' ? { server: '127.0.0.1:5037', version: '41', serials: [hostileText] } : null,
  },
  handsets:
    scenario === 'empty'
      ? []
      : scenario === 'hostile'
        ? liveHandsets.map((handset) => ({ ...handset, model: hostileText, rawState: hostileText }))
        : liveHandsets,
  usb: [
    {
      vendorId: '2717',
      productId: 'ff40',
      maker: 'xiaomi' as const,
      name: scenario === 'hostile' ? hostileText : 'Redmi Note',
      serial: scenario === 'hostile' ? hostileText : 'c0ffee12',
      debugging: false,
    },
  ],
});

export function fakeHandlers(say: (message: FromHost) => void): HostHandlers {
  const tasks = createFakeTasks(say);
  const changed = (directory: string): void => say({ type: 'changed', topic: 'case', directory });
  const state = (directory: string) => {
    const decisions = findings.filter((finding) => finding.decision !== null).length;
    const made = caseState(directory, findings.length, decisions);
    if (scenario === 'reader') {
      const writer = { pid: 4711, host: 'lab-3', doing: 'analyse', since: '2014-08-20T08:00:00.000000Z' };
      return {
        ...made,
        summary: { ...made.summary, writer },
        mode: 'reader' as const,
        readerBecause: 'case-locked' as const,
      };
    }
    if (scenario !== 'empty') return made;
    const counts = {
      ...made.summary.counts,
      handsets: 0,
      identifiers: 0,
      exhibits: 0,
      events: 0,
      complaints: 0,
      custody: 1,
    };
    const summary = { ...made.summary, synthetic: false, labels: [], indexGeneration: null, counts };
    return { ...made, summary, runs: [], analysed: false, findings: 0 };
  };
  const none = scenario === 'empty';
  const list = <Row>(rows: readonly Row[]): readonly Row[] => (none ? [] : rows);
  const outstanding = scenario === 'cut-off' ? [...outstandingChanges] : [];

  return {
    'handsets.live': () => ok(live()),
    'handsets.connect': ({ address }) => fail('NOT_FOUND', { serial: address }, 'Connection refused'),
    'handsets.disconnect': () => ok(live()),
    'handsets.pair': ({ code, directory }) =>
      code === '654321' && directory !== undefined ? ok(live()) : fail('pairing-unsupported'),
    'handsets.use-server': () => ok(live()),
    'handsets.outstanding': () => ok(outstanding),
    'handsets.undo': () => {
      // Of the handset that is there; the other one is away.
      outstanding.splice(0, 1);
      return ok(outstanding);
    },
    'handsets.list': () => ok(list(handsets)),
    'handsets.add': ({ directory, label, serial, role }) => {
      const handset = { id: `H${handsets.length + 1}`, label, serial, role, addedAt: '2014-08-20T08:00:00.000000Z' };
      handsets.push(handset);
      changed(directory);
      return ok(handset);
    },
    'intake.list': () => ok(list(intakes)),
    'intake.record': ({ directory, ...wish }) => {
      const recordedAt = '2014-08-20T08:00:00.000000Z';
      const added = { ...wish, id: `IN${intakes.length + 1}`, recordedBy: 'Lin', recordedAt, signed: null };
      intakes.push(added);
      changed(directory);
      return ok(added);
    },
    'intake.sign': ({ id }) => fail('intake-own', { id, by: 'Lin' }),
    'identifiers.list': () => ok(list(identifiers)),
    'identifiers.check': ({ kind, value }) =>
      kind === 'imei' && !/^\d{15}$/.test(value)
        ? ok({ value: null, warnings: ['length'] })
        : ok({ value, warnings: value.endsWith('0') ? ['luhn'] : [] }),
    'identifiers.add': ({ directory, handset, kind, value, source }) => {
      const added = {
        id: `I${identifiers.length + 1}`,
        handset,
        kind,
        value,
        original: value,
        source,
        addedAt: '2014-08-20T08:00:00.000000Z',
        warnings: [],
      };
      identifiers.push(added);
      changed(directory);
      return ok(added);
    },
    'acquisition.plan': ({ profile, serial }) =>
      ok({
        profile,
        handset: serial === null ? null : { serial, release: '4.3' },
        collectors: profile === 'quick' ? plannedCollectors.slice(0, 4) : plannedCollectors,
      }),
    'acquisition.resumed': ({ id, profile }) =>
      ok(
        profile === 'full'
          ? { id, because: ['boot'], asks: plannedCollectors.map((one) => one.id), codeFiles: 0, codeBytes: 0 }
          : { id, because: [], asks: ['clock', 'properties', 'logcat'], codeFiles: 12, codeBytes: 3_400_000 },
      ),
    'acquisition.start': ({ directory, serial }) => ok(tasks.start('acquisition', directory, serial)),
    'acquisition.list': () => ok(list(acquisitions)),
    'acquisition.results': () => ok(collectorResults),
    'capture.methods': () =>
      ok([
        {
          method: 'tcpdump' as const,
          available: true,
          why: 'tcpdump is on the handset and runs as root; nothing is installed.',
        },
      ]),
    'capture.start': ({ directory, serial }) => ok(tasks.start('capture', directory, serial)),
    'capture.stop': ({ task }) => {
      tasks.finish(task);
      return ok(null);
    },
    'exhibits.list': ({ label, kind, after, limit }) =>
      ok(
        page(
          list(exhibits).filter(
            (row) => (label === null || row.label === label) && (kind === null || row.kind === kind),
          ),
          after,
          limit,
        ),
      ),
    'exhibits.attached': () =>
      scenario === 'unlisted'
        ? fail('path-missing', { path: '/nowhere/2014-081.handsight' })
        : ok(scenario === 'cut-off' ? exhibits.slice(2, 4) : []),
    'exhibits.get': ({ exhibit }) => {
      const row = exhibits.find((entry) => entry.id === exhibit);
      return row === undefined ? fail('exhibit-unknown', { exhibit }) : ok(row);
    },
    'exhibits.bytes': ({ exhibit, offset, length }) => {
      const text = Buffer.from(
        '[ro.build.version.incremental]: [JHBCNBD16.0]\r\n[ro.miui.ui.version.name]: [V5]\r\n'.repeat(60),
      );
      return ok({ exhibit, offset, base64: text.subarray(0, length).toString('base64'), totalBytes: text.length });
    },
    'records.list': ({ after, limit }) => ok(page([], after, limit)),
    'snapshot.places': () => ok(list(places)),
    'snapshot.values': ({ kind, text, after, limit }) =>
      ok(page(kind === 'setting' ? settingRows.filter((row) => includes(row, text)) : [], after, limit)),
    'snapshot.apps': ({ text, after, limit }) => {
      const all = Array.from({ length: manyApps }, (_, at) => appAt(at)).filter((row) => includes(row, text));
      return ok(page(all, after, limit));
    },
    'snapshot.app': ({ package: name, text }) => ok(sectionsOf(name).filter((section) => includes(section, text))),
    'events.list': () => ok(list(events)),
    'events.add': ({ directory, ...event }) => {
      const added = { ...event, id: `V${events.length + 1}`, atHandset: null, source: 'examiner' };
      events.push(added);
      changed(directory);
      return ok(added);
    },
    'traffic.flow-rows': ({ filter, from, limit, descending }) => {
      const terms = termsOf(filter);
      // Millions of rows exist only where somebody looks.
      if (terms.length === 0 && scenario === 'many') {
        const rows = Array.from({ length: Math.min(limit, manyFlows - from) }, (_, i) =>
          flowAt(descending ? manyFlows - 1 - from - i : from + i, manyFlows),
        );
        return ok({ from, rows, total: manyFlows });
      }
      const all = list(flows).filter((row) => passes(row, terms));
      const ordered = descending ? all.toReversed() : all;
      return ok({ from, rows: ordered.slice(from, from + limit), total: all.length });
    },
    'traffic.message-rows': ({ filter, from, limit }) => {
      const all = list(flows)
        .filter((row) => passes(row, termsOf(filter)))
        .flatMap((row) => messagesOf(row))
        .map((message, id) => ({ ...message, id }));
      return ok({ from, rows: all.slice(from, from + limit), total: all.length });
    },
    'traffic.hit-rows': ({ from, limit }) =>
      ok({ from, rows: list(findings).slice(from, from + limit), total: list(findings).length }),
    'traffic.values': ({ filter }) => {
      const counts = new Map<string, number>();
      for (const row of list(flows)) {
        if (passes(row, termsOf(filter))) counts.set(row.channel, (counts.get(row.channel) ?? 0) + 1);
      }
      return ok([{ key: 'channel', values: [...counts].map(([value, count]) => ({ value, count })), others: 0 }]);
    },
    'traffic.timeline': ({ filter }) =>
      ok({
        traffic: timelineOf(list(flows).filter((row) => passes(row, termsOf(filter)))),
        events: events.filter(({ kind }) => kind === 'consent-act' || kind === 'stimulus' || kind === 'usage'),
        eventsLeftOut: 0,
      }),
    'traffic.flow': ({ flow: id }) => {
      const flow = flows[id];
      if (flow === undefined) return fail('value-invalid', { value: String(id) });
      const mine = findings.filter((finding) => finding.flow === id);
      const destination = mine[0]?.destination ?? nowhere;
      const unclocked = { ...flow, firstPacketAtWorkstation: null, lastPacketAtWorkstation: null };
      return ok({
        flow: unclocked,
        messages: messagesOf(flow),
        truncated: false,
        app: null,
        findings: mine,
        destination,
      });
    },
    'exchange.open': ({ flow: id }) => {
      const flow = flows[id];
      if (flow === undefined) return fail('value-invalid', { value: String(id) });
      const parts = messagesOf(flow).length;
      const bytes = exchangeText.length;
      return ok({
        status: 'ready',
        looking: false,
        bytesRead: 1000,
        bytesTotal: 1000,
        parts,
        contentBytes: bytes,
        heldBytes: bytes,
        limits: [],
        marked: [],
        markable: 0,
      });
    },
    'exchange.parts': ({ flow: id, after, limit }) => {
      const flow = flows[id];
      return ok(
        flow === undefined
          ? []
          : messagesOf(flow)
              .slice(after, after + limit)
              .map(exchangePart),
      );
    },
    'exchange.bytes': ({ stretch, offset, length }) =>
      ok({ stretch, offset, base64: exchangeText.subarray(offset, offset + length).toString('base64') }),
    'exchange.stop': () => ok(null),
    'findings.path': () => ok(null),
    'operator.view': () => ok({ rows: [], hidden: [], hiddenTotal: { recipients: 0, flows: 0 }, left: [] }),
    'wireshark.open': () =>
      ok({
        opened: false,
        exhibit: 'E003',
        frame: 41,
        filter: 'tcp.stream==4',
        commands: { posix: 'wireshark -r wifi.pcap', powershell: '& Wireshark.exe -r wifi.pcap' },
        copy: null,
        noted: false,
      }),
    'traffic.totals': () => ok(totals),
    'traffic.visibility': () => ok(visibility),
    'findings.list': ({ label, severity, identifierKind, channel, decision, text, after, limit }) =>
      ok(
        page(
          findings.filter(
            (row) =>
              (label === null || row.label === label) &&
              (severity === null || row.severity === severity) &&
              (identifierKind === null || row.identifier?.kind === identifierKind) &&
              (channel === null || row.channel === channel) &&
              (decision === null || (row.decision?.verdict ?? 'open') === decision) &&
              includes(row, text),
          ),
          after,
          limit,
        ),
      ),
    'findings.get': ({ key }) => {
      const finding = findings.find((row) => row.key === key);
      return finding === undefined ? fail('finding-unknown', { key }) : ok(findingDetail(finding));
    },
    'findings.by-number': ({ number }) => {
      const finding = findings.find((row) => row.number === number);
      return finding === undefined ? fail('finding-unknown', { key: number }) : ok(findingDetail(finding));
    },
    'findings.decide': ({ directory, key, verdict, reason }, { actor }) => {
      const by = actor ?? 'Lin Chia-hao';
      const decided = decide(key, { verdict, reason, by, at: '2014-08-20T08:00:00.000000Z' });
      if (decided === null) return fail('finding-unknown', { key });
      changed(directory);
      return ok(decided);
    },
    'findings.recipients': () => ok(recipients()),
    'comparison.labels': () =>
      ok(
        list(visibility).map(({ label }, index) => ({
          label,
          handsets: [index < 3 ? 'H1' : 'H2'],
          runs: index === 0 ? ['R1', 'R2'] : [`R${index + 2}`],
          builds: [index === 0 ? 'JHBCNBD16.0' : 'JHBCNBF40.0'],
          records: 4210 + index * 31,
          flows: 248,
        })),
      ),
    'comparison.compare': ({ before, after }) => {
      const side = (label: string) => ({
        label,
        handsets: ['H1'],
        runs: ['R1'],
        builds: [label === 'before' ? 'JHBCNBD16.0' : 'JHBCNBF40.0'],
        records: 4210,
        flows: 248,
      });
      const seen = (label: string) => visibility.find((entry) => entry.label === label) ?? null;
      return ok({
        before: side(before),
        after: side(after),
        changes,
        acrossHandsets: before.startsWith('mi2s') !== after.startsWith('mi2s'),
        visibilityBefore: seen(before),
        visibilityAfter: seen(after),
        caveats: [],
      });
    },
    'claims.list': () => ok(list(claims)),
    'claims.runs': () => ok(list(runsAsTaken)),
    'complaints.list': () => ok(list(complaints)),
    'complaints.add': ({ directory, ...complaint }) => {
      const added = { ...complaint, id: `K${complaints.length + 1}` };
      complaints.push({ complaint: added, check: null });
      changed(directory);
      return ok(added);
    },
    'search.start': ({ directory, text }) => ok(tasks.start('search', directory, text)),
    'custody.entries': ({ before, limit }) => {
      const older = custody.filter((entry) => before === null || entry.seq < before).reverse();
      return ok({ entries: older.slice(0, limit), total: custody.length, head: sha256(`entry ${custody.length}`) });
    },
    'custody.verify': ({ directory }) => ok(tasks.start('verification', directory, '')),
    'analysis.start': ({ directory }) => ok(tasks.start('analysis', directory, '')),
    'tasks.cancel': ({ task }) => {
      tasks.cancel(task);
      return ok(null);
    },
    'cases.create': ({ directory, number, title, examiner }) => {
      const made = state(directory);
      return ok({ ...made, summary: { ...made.summary, number, title, examiner } });
    },
    'cases.open': ({ directory }) => ok(state(directory)),
    'cases.close': () => ok(null),
    'cases.actor': ({ directory }) => ok(state(directory)),
    'cases.state': ({ directory }) => ok(state(directory)),
    'demonstration.start': ({ directory }) => ok(tasks.start('demonstration', directory, '')),
    'imports.look': ({ paths }) =>
      ok(
        paths.map((_path, n) => ({
          bytes: 40_000_000 + n * 1000,
          format: 'pcap',
          firstPacketAt: `2014-08-07T10:0${n}:00.000000Z`,
        })),
      ),
    'imports.unfinished': () =>
      ok([
        {
          id: 'IN-000000000000000000000000',
          name: 'gateway_00007.pcap',
          bytes: 12_000_000_000,
          copiedBytes: 5_368_709_120,
          label: 'before',
          handset: 'H1',
          run: 'R1',
        },
      ]),
    'imports.resume': ({ directory }) => ok(tasks.start('import', directory, 'gateway_00007.pcap')),
    'imports.discard': () => ok(null),
    'imports.start': ({ directory, paths }) => ok(tasks.start('import', directory, paths.join(', '))),
    'outputs.look-folder': ({ path }) => fail('path-missing', { path }),
    'outputs.look': () =>
      ok({
        name: 'getprop.txt',
        bytes: 40_679,
        modifiedAt: '2014-08-07T10:00:00.000000Z',
        recognised: { command: 'getprop', by: 'content' as const },
      }),
    'attachments.look': ({ paths }) => ok(paths.map(() => 4096)),
    'attachments.start': ({ directory, paths }) => ok(tasks.start('import', directory, paths.join(', '))),
    'outputs.start': ({ directory, path }) => ok(tasks.start('import', directory, path)),
    'report.start': ({ directory, path }) => ok(tasks.start('report', directory, path)),
    'tasks.list': () => ok(tasks.list()),
    'host.self-test': () => ok({ sqlite: 'none: this is the fixture host', node: process.versions.node }),
    'host.about': () => ok({ version: '0.1.0', programHash: sha256('program') }),
    'host.adb-state': () => ok(live().adb),
    'host.stop': () => {
      tasks.stop();
      return ok(null);
    },
  };
}
