#!/usr/bin/python3
"""speed_rivals.py FOLDER DSN - the questions of match-speed on Xapian and PostgreSQL, and the report.

Both index the words that the engine sees (its space W) and nothing else: characters and pairs, which
the engine searches as well, would make them slower. Each is asked for its best 1000 by one client on
one core, as the engine's own first stage is. Xapian ranks by BM25 with the engine's constants;
PostgreSQL by ts_rank over a GIN index, any of the words, divided by 1 + log(length): of its ways to
normalise the one that finds most here. What a rival cannot answer in its time is left out, and nDCG
is compared over the questions that all answered. cpu_ms is the processor's time for one question:
on a machine that others use too it tells more than the clock.
"""
import concurrent.futures
import json
import math
import os
import pathlib
import subprocess
import sys
import time

import xapian

DEEP, TOP = 1000, 10
XAPIAN_SECONDS, POSTGRES_SECONDS = 45, 60  # for one class of questions
CLASSES = ('150', '30', 'TK', 'KM')


def halves(folder):
    for half in (0, 1):
        with open(folder / f'tokens.{half}', encoding='utf-8') as lines:
            for line in lines:
                number, *words = line.rstrip('\n').split('\t')
                yield number, words


def questions(folder):
    found = {}
    with open(folder / 'questions.tsv', encoding='utf-8') as lines:
        for line in lines:
            ident, name, _text, *words = line.rstrip('\n').split('\t')
            found.setdefault(name, []).append((ident, words))
    return found


class Xapian:
    def __init__(self, folder):
        self.path, self.folder = str(folder / 'xapian'), folder

    def build(self):
        os.environ['XAPIAN_FLUSH_THRESHOLD'] = '100000'
        base = xapian.WritableDatabase(self.path, xapian.DB_CREATE_OR_OVERWRITE |
                                       xapian.DB_NO_TERMLIST)  # no question needs them
        for number, words in halves(self.folder):
            document = xapian.Document()
            document.set_data(number)
            for word in words:
                document.add_term(word)
            base.add_document(document)
        base.commit()
        base.compact(self.path + '.compact')
        base.close()

    def ask(self, asked, seconds):
        base = xapian.Database(self.path + '.compact')
        enquire = xapian.Enquire(base)
        enquire.set_weighting_scheme(xapian.BM25Weight(0.6, 0, 1, 0.75, 0.5))
        times, found, until, used = [], {}, time.monotonic() + seconds, time.thread_time()
        for ident, words in asked:
            began = time.monotonic()
            if began > until:
                break
            enquire.set_query(xapian.Query(xapian.Query.OP_OR, words))
            matches = enquire.get_mset(0, DEEP)
            times.append(time.monotonic() - began)
            found[ident] = [int(matches.get_hit(i).document.get_data())
                            for i in range(min(TOP, matches.size()))]
        return times, found, time.thread_time() - used


def processor_seconds(process):
    return int(pathlib.Path(f'/proc/{process}/schedstat').read_text().split()[0]) / 1e9


def literal(words):
    """As a tsvector with positions, so that ts_rank sees how often a word is there."""
    places = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word, []).append(min(place, 16383))
    return ' '.join("'" + word.replace('\\', '\\\\').replace("'", "''") + "':" +
                    ','.join(map(str, at[:255])) for word, at in places.items())


class Postgres:
    def __init__(self, folder, dsn):
        self.folder, self.command = folder, ['psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-d', dsn]

    def run(self, sql):
        return subprocess.run([*self.command, '-c', sql], check=True, capture_output=True,
                              text=True).stdout

    def build(self):
        self.run('create unlogged table item (number int not null, words tsvector not null)')
        with subprocess.Popen([*self.command, '-c', 'copy item from stdin'], stdin=subprocess.PIPE,
                              text=True, encoding='utf-8') as copy:
            for number, words in halves(self.folder):
                copy.stdin.write(number + '\t' + literal(words).replace('\\', '\\\\') + '\n')
        self.run("set maintenance_work_mem = '1GB'; create index on item using gin (words)")
        self.run('vacuum analyze item')

    def ask(self, asked, seconds):
        """One session; it is fed a question at a time."""
        times, found, until = [], {}, time.monotonic() + seconds
        with subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True, encoding='utf-8') as session:
            session.stdin.write("set max_parallel_workers_per_gather = 0; set work_mem = '256MB';"
                                ' select pg_backend_pid();\n')
            session.stdin.flush()
            process = int(session.stdout.readline())
            used = processor_seconds(process)
            for ident, words in asked:
                began = time.monotonic()
                if began > until:
                    break
                wanted = ' | '.join("'" + word.replace('\\', '\\\\').replace("'", "''") + "'"
                                    for word in dict.fromkeys(words))
                wanted = wanted.replace("'", "''")
                session.stdin.write(
                    f"select number from item, cast('{wanted}' as tsquery) as wanted "
                    "where words @@ wanted order by ts_rank(words, wanted, 1) desc, number "
                    f"limit {DEEP};\n\\echo end\n")
                session.stdin.flush()
                rows = []
                for line in session.stdout:
                    if line == 'end\n':
                        break
                    rows.append(int(line))
                times.append(time.monotonic() - began)
                found[ident] = rows[:TOP]
            used = processor_seconds(process) - used
            session.stdin.close()
        return times, found, used


def engine_run(folder):
    found = {}
    with open(folder / 'engine.run', encoding='utf-8') as lines:
        for line in lines:
            ident, name, item, _score = line.split('\t')
            found.setdefault(name, {}).setdefault(ident, []).append(int(item))
    return found


def ndcg(found, right, idents):
    """One right answer a question: 1 / log2(1 + its rank) among the first ten."""
    gain = 0
    for ident in idents:
        first = found.get(ident, [])[:TOP]
        if right[ident] in first:
            gain += 1 / math.log2(2 + first.index(right[ident]))
    return gain / len(idents) if idents else None


def build(rival):
    began = time.monotonic()
    rival.build()
    return round(time.monotonic() - began, 1)


def compare(report, name, rivals, asked, engine, qrels):
    """One class of questions: how fast each is, and how good."""
    answers = {'jiebang': engine}
    for rival, seconds in (('xapian', XAPIAN_SECONDS), ('postgres', POSTGRES_SECONDS)):
        times, answers[rival], used = rivals[rival].ask(asked, seconds)
        if not times:
            continue
        rate, cpu = len(times) / sum(times), used * 1e3 / len(times)
        report[f'asked_{rival}_{name}'] = len(times)
        report[f'qps_{rival}_{name}'] = round(rate, 3)
        report[f'qps_vs_{rival}_{name}'] = round(report[f'qps_{name}'] / rate, 1)
        report[f'cpu_ms_{rival}_{name}'] = round(cpu, 3)
        report[f'cpu_vs_{rival}_{name}'] = round(cpu / report[f'cpu_ms_{name}'], 1)
    alike = [ident for ident in qrels if all(ident in found for found in answers.values())]
    for who, found in answers.items():
        if qrels:
            report[f'ndcg_{who}_{name}'] = round(ndcg(found, qrels, alike) or 0, 4)
            report[f'ndcg_all_{who}_{name}'] = round(
                ndcg(found, qrels, [ident for ident in qrels if ident in found]) or 0, 4)


def main():
    folder, dsn = pathlib.Path(sys.argv[1]), sys.argv[2]
    report = json.loads((folder / 'engine.json').read_text())
    report.update(json.loads((folder / 'restart.json').read_text()))
    qrels = json.loads((folder / 'qrels.json').read_text())
    asked, engine = questions(folder), engine_run(folder)
    rivals = {'xapian': Xapian(folder), 'postgres': Postgres(folder, dsn)}
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for name, seconds in zip(rivals, pool.map(build, rivals.values())):
            report[f'build_s_{name}'] = seconds
    for name in CLASSES:
        right = {ident: item for ident, item in qrels.get(name, {}).items()
                 if item < report['items']}
        compare(report, name, rivals, asked.get(name, []), engine.get(name, {}), right)
        print(f'compared {name}', file=sys.stderr)
    for rival in rivals:
        report[f'qps_vs_{rival}'] = report.get(f'qps_vs_{rival}_150')
    print(json.dumps(report))


if __name__ == '__main__':
    main()
