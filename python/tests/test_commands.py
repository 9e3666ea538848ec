"""The functions against the command line, byte for byte, and how answers show themselves."""

import pickle
import re
import tempfile
import unittest
from fractions import Fraction

import numpy as np

import contrastcheck as cc

from .common import DATA, command, iris, samples

TIMES = re.compile(r'"seconds":[-+0-9.e]+')


def timeless(text):
    return TIMES.sub('"seconds":0', text)


class TestCommands(unittest.TestCase):
    two = DATA / "two-points.json"

    def same(self, answer, *words):
        self.assertEqual(timeless(answer.json) + "\n", timeless(command(*words, "--format", "json")))

    def test_solve(self):
        answer = cc.solve(self.two)
        self.same(answer, "solve", self.two)
        self.assertEqual(answer.equality.verdict, "refuted")
        self.assertEqual(answer.minimiser.m.shape, (2, 2))
        self.assertEqual((answer.certificate.grade, answer.method, answer.effect.only_the_mean), ("bounded", "reduced", True))
        self.assertEqual(answer.minimiser.m.tolist(), answer.to_dict()["minimiser"]["m"])
        self.assertEqual(answer.directions.kept, 1)
        self.assertIsNone(answer.centred)
        self.assertEqual(answer.extra, {})
        text = re.sub(r"Time .*", "", command("solve", self.two).rstrip("\n"))
        self.assertEqual(re.sub(r"Time .*", "", str(answer)), text)
        self.assertEqual(repr(answer), str(answer))
        html = answer._repr_html_()
        for part in ("REFUTED", "<svg", "99.5", "component 1 and component 2", answer.effect.pairs[0].mahalanobis.__format__(".3g")):
            self.assertIn(part, html)
        again = pickle.loads(pickle.dumps(answer))
        self.assertEqual(again.json, answer.json)

    def test_every_key_has_a_field(self):
        """What the program writes and the package has no name for would be in extra."""
        X, y = samples()
        for answer in (
            cc.solve(X, y),
            cc.solve(X, y, loss="sigmoid", shrinkage="auto"),
            cc.solve(X, y, map="affine", centre=True),
            cc.solve(X, y, covariance="own", centre=True),
            cc.solve(DATA / "captions.json", loss="clip"),
            cc.solve(DATA / "tilted.json"),
            cc.project(X, y),
            cc.prove(self.two),
            cc.frontier("rare-outlier", "delta=1/10:1:3", refine="1e-2"),
            cc.losses(self.two),
            cc.check(self.two, claims="equality"),
            cc.search("equality", evaluations=2000),
        ):
            for record in self.records(answer):
                self.assertEqual(record.extra, {}, type(record))

    def records(self, value):
        if isinstance(value, list):
            return [r for x in value for r in self.records(x)]
        if hasattr(value, "extra"):
            return [value] + [r for name in vars(value) if name != "extra" for r in self.records(getattr(value, name))]
        return []

    def test_mixtures_are_exact(self):
        third = Fraction(1, 3)
        mixture = cc.Mixture(weights=[1, 2], means=[[2, third], ["-1", 0.1]], covariance=np.eye(2), delta=Fraction(1, 2), name="mine")
        found = cc.prove(mixture)
        self.assertTrue(found.proved)
        self.assertEqual(found.delta, "0.5")
        self.assertIn('"1/3"', found.document)
        self.assertIn('"0.1"', found.document)
        self.assertEqual(cc.recheck(found).statement, found.statement)
        plain = cc.solve({"weights": [1, 2], "means": [[2, "1/3"], [-1, 0.1]], "covariance": "identity", "delta": "1/2", "name": "mine"})
        self.assertEqual(timeless(cc.solve(mixture).json), timeless(plain.json))

    def test_samples(self):
        X, y = iris()
        with tempfile.TemporaryDirectory() as folder:
            np.save(folder + "/X.npy", X)
            np.save(folder + "/y.npy", y)
            where = ("--data", folder + "/X.npy", "--labels", folder + "/y.npy")
            answer = cc.solve(X, y)
            self.same(answer, "solve", *where)
            self.assertEqual(answer.centred.classes, ["setosa", "versicolor", "virginica"])
            self.assertIn("setosa", answer._repr_html_())
            self.same(cc.losses(X, y, loss="dv"), "losses", *where, "--loss", "dv")
            self.same(cc.check(X, y, claims=["equality", "fisher-optimal"]), "check", *where, "equality", "fisher-optimal")
            self.same(cc.solve(folder + "/X.npy", folder + "/y.npy", centre=True), "solve", *where, "--centre")
        self.same(cc.solve(DATA / "iris.csv", label="species", loss="spectral"), "solve", "--data", DATA / "iris.csv", "--label", "species", "--loss", "spectral")
        found = cc.project(X, y, centre=True)
        self.assertTrue(np.allclose(found.embedding, X @ found.a + found.b))
        self.assertEqual(cc.project(X, y, on=X[:7]).embedding.shape, (7, found.a.shape[1]))

    def test_flags(self):
        """Numbers of every kind, and arrays, on the command line."""
        for delta, word in ((Fraction(1, 3), "1/3"), (0.25, "0.25"), ("2/5", "2/5"), (np.float64(0.5), "0.5")):
            self.same(cc.solve(self.two, delta=delta, centre=False, blind=True), "solve", self.two, "--delta", word, "--blind")
        self.assertEqual(cc.prove(self.two, delta=Fraction(1, 3)).delta, "1/3")
        X, y = samples()
        found = cc.solve(X, y, loss="clip", text=X[:, :3], centre=True)
        self.assertEqual(found.to_dict()["dimension"], {"visual": 5, "text": 3})
        self.assertEqual(found.directions.text.kept, 2)
        self.assertEqual(found.visual.equality.verdict, "holds")

    def test_big_matrices(self):
        """Those that are read when they are asked for have the numbers of the JSON."""
        rng = np.random.default_rng(5)
        y = np.arange(400) % 2
        X = rng.normal(size=(400, 80)) + 3 * y[:, None] * rng.normal(size=80)
        X[:, 1] -= X[:, 0] * rng.normal(size=400)
        for answer in (cc.solve(X, y), pickle.loads(pickle.dumps(cc.solve(X, y)))):
            told = answer.to_dict()
            self.assertEqual(answer.minimiser.m.tolist(), told["minimiser"]["m"])
            self.assertEqual(answer.centred.unconstrained.m.tolist(), told["centred"]["unconstrained"]["m"])
            self.assertEqual(answer.minimiser.a.tolist(), told["minimiser"]["a"])
            self.assertEqual(answer.unconstrained.whitened_eigenvalues.tolist(), told["unconstrained"]["whitened_eigenvalues"])
            self.assertIn("array of shape (80, 80)", repr(answer.minimiser))

    def test_lists(self):
        kept = cc.losses(self.two)
        self.same(kept, "losses", self.two)
        self.assertEqual(kept[0].loss, "infonce")
        self.assertIn("<table>", kept._repr_html_())
        self.assertEqual(str(kept), command("losses", self.two).rstrip("\n"))
        claims = cc.check(self.two, claims=("equality", "containment"))
        self.same(claims, "check", self.two, "equality", "containment")
        self.assertEqual([c.verdict for c in claims], ["refuted", "holds"])
        self.assertIn('class="refuted"', claims._repr_html_())

    def test_frontier_and_search(self):
        axes = ["delta=1/10:1:3", "separation=1/2:2:3"]
        found = cc.frontier("two-points", axes)
        self.same(found, "frontier", "--family", "two-points", "--axis", axes[0], "--axis", axes[1])
        self.assertEqual(len(found.points), 9)
        self.assertIn("<svg", found._repr_html_())
        varied = cc.frontier({"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}, "delta=1/2:1:2")
        self.assertEqual([p.at for p in varied.points], [["0.5"], ["1"]])
        found = cc.search("equality", evaluations=2000)
        self.same(found, "search", "equality", "--evaluations", 2000)
        self.assertEqual(cc.solve(found.found[0].mixture).equality.verdict, "refuted")

    def test_exit_codes(self):
        with self.assertRaises(cc.ContrastcheckError) as caught:
            cc.search("equality-line", evaluations=20)
        self.assertEqual(caught.exception.exit_code, 3)
        self.assertEqual(caught.exception.result.found, [])
        self.assertNotIsInstance(caught.exception, ValueError)
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((str(again), again.exit_code), (str(caught.exception), 3))
        with self.assertRaises(cc.ContrastcheckError) as caught:
            cc.check(self.two, claims="equality", as_stated=True)
        self.assertEqual(caught.exception.exit_code, 1)
        self.assertEqual(caught.exception.result[0].verdict, "refuted")
        for bad in (
            lambda: cc.solve({"weights": [1], "means": [[float("nan")]], "covariance": "identity"}),
            lambda: cc.solve({"weights": [1]}),
            lambda: cc.solve("no-such-file.json"),
            lambda: cc.solve(self.two, no_such_flag=1),
            lambda: cc.solve(np.ones((4, 2)), None),
            lambda: cc.recheck(self.two),
        ):
            with self.assertRaises(cc.InputError) as caught:
                bad()
            self.assertEqual(caught.exception.exit_code, 2)
            self.assertNotIn("\n", str(caught.exception))


