#!/usr/bin/python3
"""speed_texts.py FOLDER [COLLECTION_DIR] - what match-speed make begins with: texts.txt, questions.in.

With a collection (laid out as for bench/match/eval) its real texts and questions are taken, and
qrels.json says which item answers a question. Without one the samples of this repository stand in:
enough to measure speed by, not to judge answers.
"""
import gzip
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
MANY, LONG, FAR = 1000, 300, 40000  # questions of a class, of 500 words, characters they are cut from


def rows(path):
    with gzip.open(path, 'rt', encoding='utf-8', newline='\n') as lines:
        for line in lines:
            yield line.rstrip('\r\n').split('\t')


def plain(text):
    return re.sub(r'\s+', ' ', text).strip()


def question(out, ident, name, words, text):
    out.write(f'{ident}\t{name}\t{words}\t{plain(text)[:FAR]}\n')


def needs(out, bodies):
    """Needs of 30, 150 and 500 words; a text too short goes on with the next of its kind."""
    for name, words, many in (('30', 30, MANY), ('150', 150, MANY), ('500', 500, LONG)):
        for number, text in enumerate(bodies[:many]):
            question(out, f'{name}-{number}', name, words, text)


def from_collection(folder, source):
    names = {}
    with open(folder / 'texts.txt', 'w', encoding='utf-8') as texts:
        for name, text in rows(source / 'csl/corpus_abstracts.tsv.gz'):
            if plain(text):
                names[name] = len(names)
                texts.write(plain(text) + '\n')
        if (source / 'dblp/docs.tsv.gz').exists():
            for row in rows(source / 'dblp/docs.tsv.gz'):
                if plain(row[1]):
                    texts.write(plain(row[1]) + '\n')
    asked = [json.loads(line) for line in
             gzip.open(source / 'csl/queries.jsonl.gz', 'rt', encoding='utf-8')]
    kinds = {}
    for one in asked:
        kinds.setdefault(one['discipline'], []).append(f"{one['title']}。{one['abstract']}")
    bodies, seen = [], {}
    for one in asked:
        alike = kinds[one['discipline']]
        at = seen[one['discipline']] = seen.get(one['discipline'], -1) + 1
        others = alike[at:] + alike[:at]
        bodies.append(' '.join(others * (1 + 2000 // len(' '.join(others)))))
    with open(folder / 'questions.in', 'w', encoding='utf-8') as out:
        needs(out, bodies)
        for one in asked:
            question(out, one['qid'], 'TK', 0, '；'.join([one['title'], *one['keywords']]))
            if one['keywords_absent']:
                question(out, one['qid'], 'KM', 0, '；'.join(one['keywords_absent']))
    qrels = {}
    for name, file in (('TK', 'qrels_abstracts'), ('KM', 'qrels_kwmiss')):
        for ident, _, item, grade in rows(source / f'csl/{file}.tsv.gz'):
            if float(grade) > 0 and item in names:
                qrels.setdefault(name, {})[ident] = names[item]
    return qrels


def from_samples(folder):
    found = []
    for path in sorted((HERE.parent.parent / 'samples').rglob('*')):
        if path.suffix in ('.csv', '.json', '.mjs', '.md'):
            for line in path.read_text(encoding='utf-8').splitlines():
                if len(re.findall(r'[\u4e00-\u9fff]', line)) >= 30:
                    found.append(plain(line))
    (folder / 'texts.txt').write_text('\n'.join(found) + '\n', encoding='utf-8')
    bodies = [' '.join((found * 2)[i % len(found):][:40]) for i in range(MANY)]
    with open(folder / 'questions.in', 'w', encoding='utf-8') as out:
        needs(out, bodies)
    return {}


def main():
    folder = pathlib.Path(sys.argv[1])
    source = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    qrels = from_collection(folder, source) if source else from_samples(folder)
    (folder / 'qrels.json').write_text(json.dumps(qrels), encoding='utf-8')


if __name__ == '__main__':
    main()
