package reports_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
	"contrastcheck/reports"
	"contrastcheck/tables"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// table is a table as a subject, raw.
func table(t *testing.T, path, label string) reports.Subject {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read, err := tables.Read(path, f, tables.Options{Label: label})
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := read.Fit(read.All(), tables.Shrinkage{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := gmm.NewPairs(m, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	return reports.Subject{Pairs: p, Table: read, Loss: losses.InfoNCE, Command: "contrastcheck report"}
}

// mixture is a mixture file as a subject.
func mixture(t *testing.T, text string) reports.Subject {
	t.Helper()
	d, err := gmm.Read("mixture", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return reports.Subject{Pairs: d.Pairs, Loss: losses.InfoNCE, Command: "contrastcheck report"}
}

// captions are two modalities.
func captions(t *testing.T) reports.Subject {
	s := mixture(t, `{"weights": [1, 2], "visual": {"means": [[1, 0], [0, 1]], "covariance": "identity"}, "text": {"means": [[1], [-1]], "covariance": "identity"}}`)
	s.Loss, s.NoProof = losses.CLIP, "there are no proofs about this loss"
	return s
}

var ownOptions = reports.OwnOptions{Effort: small, Seed: 1, Limit: 1, Workers: 2}

// ownReport is a small report of a subject.
func ownReport(t *testing.T, s reports.Subject) reports.Own {
	t.Helper()
	own, err := reports.GatherOwn(t.Context(), s, ownOptions)
	if err != nil {
		t.Fatal(err)
	}
	return own
}

var iris struct {
	sync.Once
	report reports.Own
}

func irisReport(t *testing.T) reports.Own {
	t.Helper()
	iris.Do(func() { iris.report = ownReport(t, table(t, "../testdata/iris.csv", "species")) })
	return iris.report
}

// What a person reads of Iris.
func TestGoldenOwnReport(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden digits are those of amd64; other processors round products and sums together")
	}
	own := irisReport(t)
	own.Program = reports.Program{Version: "v0.0.0", Go: "go", Platform: "somewhere", Dependencies: []reports.Dependency{{Path: "a/library", Version: "v1.0.0"}}}
	path := filepath.Join("testdata", "iris.md")
	if *update {
		if err := os.WriteFile(path, own.Markdown(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(own.Markdown())); diff != "" {
		t.Errorf("%s (−golden +report; -update writes it anew):\n%s", path, diff)
	}
}

// What the report says is what a decision says, raw and centred, and its certificates prove no other verdict.
func TestOwnReportSaysWhatIsDecided(t *testing.T) {
	for name, s := range map[string]reports.Subject{
		"iris":    table(t, "../testdata/iris.csv", "species"),
		"wine":    table(t, "../testdata/wine.csv", "cultivar"),
		"points":  mixture(t, `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`),
		"outlier": mixture(t, `{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity", "delta": "1/2"}`),
	} {
		own := ownReport(t, s)
		raw, err := s.Pairs.Centre()
		if err != nil {
			t.Fatal(err)
		}
		want := []gmm.Pairs{s.Pairs, raw}
		if s.Table == nil {
			want = want[:1]
		}
		if len(own.Readings) != len(want) {
			t.Fatalf("%s: %d readings, want %d", name, len(own.Readings), len(want))
		}
		for i, r := range own.Readings {
			d, err := losses.Decide(t.Context(), losses.InfoNCE, want[i], losses.Options{Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			side, of := r.Sides[0], d.Findings.Sides[0]
			if side.Equality.Verdict != of.Equality.String() || side.Directions.Kept != of.Directions.Kept || side.FisherDimension != of.Dimension {
				t.Errorf("%s, %s: %+v, %+v; decided: %v, %+v", name, r.Reading, side.Equality, side.Directions, of.Equality, of.Directions)
			}
			if e := d.Effects(losses.InfoNCE, losses.Options{})[0]; r.Meaning != d.Findings.Meaning(e) || len(side.Pairs) != len(e.Pairs) {
				t.Errorf("%s, %s: %q, want %q", name, r.Reading, r.Meaning, d.Findings.Meaning(e))
			}
			if r.Proof.LeftOut != "" || r.Proof.Verdict != of.Equality.String() || side.Equality.Grade != "proved" {
				t.Errorf("%s, %s: the proof is %+v", name, r.Reading, r.Proof)
			}
			if n := len(r.Frontier.Points); n != r.Frontier.Holds+r.Frontier.Refuted+r.Frontier.Undecided || n < 25 {
				t.Errorf("%s, %s: %d points of the map, %+v", name, r.Reading, n, r.Frontier)
			}
		}
	}
}

// The certificates in the folder are accepted, and the page refers to nothing that is not there; a report of claims in the same folder, and one of a mixture after it, leave nothing of the other.
func TestOwnReportIsWritten(t *testing.T) {
	folder := t.TempDir()
	for _, r := range []reports.Report{irisReport(t), gather(t, "svd-shared"), irisReport(t)} {
		if err := reports.Prepare(folder); err != nil {
			t.Fatal(err)
		}
		if err := reports.Write(folder, r); err != nil {
			t.Fatal(err)
		}
		files := contents(t, folder)
		_, own := r.(reports.Own)
		for name := range files {
			if ofMixture := strings.HasPrefix(name, "certificate-") || strings.HasPrefix(name, "figures/frontier-"); ofMixture != own && (ofMixture || strings.HasPrefix(name, "counterexamples/")) {
				t.Errorf("%s is left of the earlier report", name)
			}
		}
	}
	files := contents(t, folder)
	referred := 0
	for _, part := range strings.Split(files["report.md"], "](")[1:] {
		target, _, _ := strings.Cut(part, ")")
		referred++
		if files[target] == "" {
			t.Errorf("report.md refers to %s, which is not there", target)
		}
	}
	if referred < 6 {
		t.Errorf("report.md refers to %d files only", referred)
	}
	for name, verdict := range map[string]oracle.Verdict{"certificate-raw.json": oracle.Refuted, "certificate-centred.json": oracle.Holds} {
		c, err := proof.Read(name, strings.NewReader(files[name]))
		if err != nil {
			t.Fatal(err)
		}
		if theorem, err := proof.Check(c); err != nil || theorem.Verdict != verdict {
			t.Errorf("%s proves %v, %v; want %v", name, theorem.Verdict, err, verdict)
		}
	}
	if _, err := reports.Read(filepath.Join(folder, "report.json")); !errors.Is(err, reports.ErrSchema) {
		t.Errorf("a report of a mixture is read as one of claims: %v", err)
	}
}

// The same seed gives the same bytes, whatever the number of workers; another seed other ones.
func TestOwnReportIsDeterministic(t *testing.T) {
	s := table(t, "../testdata/iris.csv", "species")
	write := func(seed uint64, workers int) map[string]string {
		o := ownOptions
		o.Seed, o.Workers = seed, workers
		own, err := reports.GatherOwn(t.Context(), s, o)
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		if err := reports.Write(folder, own); err != nil {
			t.Fatal(err)
		}
		return contents(t, folder)
	}
	first := write(1, 1)
	if diff := cmp.Diff(first, write(1, 3)); diff != "" {
		t.Errorf("one worker and three write different reports:\n%.2000s", diff)
	}
	if other := write(2, 1); other["report.json"] == first["report.json"] {
		t.Error("another seed gives the same report.json")
	}
}

// Of a table each reading counts the verdicts of resamples of the rows, in numbers and in words; of a mixture file there are no rows.
func TestOwnReportResamplesRows(t *testing.T) {
	own, err := reports.GatherOwn(t.Context(), table(t, "../testdata/iris.csv", "species"), ownOptions)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range own.Readings {
		b := r.Bootstrap
		if b == nil || b.Resamples != 10*ownOptions.Effort.Seeds || b.Singular+b.Holds+b.Refuted+b.Undecided != b.Resamples {
			t.Fatalf("%s: %+v", r.Reading, b)
		}
		if r.Reading == "centred" && b.Holds != b.Resamples {
			t.Errorf("centred, equality holds in %d of %d resamples", b.Holds, b.Resamples)
		}
		if words := strings.Join(r.Remarks, " "); !strings.Contains(words, fmt.Sprintf("Bootstrap: of %d resamples", b.Resamples-b.Singular)) {
			t.Errorf("%s: the remarks are %q", r.Reading, words)
		}
	}
}

// What costs too much is left out, and said; what is decided stays.
func TestOwnReportLeavesOutWhatCosts(t *testing.T) {
	s := table(t, "../testdata/iris.csv", "species")
	o := ownOptions
	o.Limit = 1e-4 // 6 ms
	own, err := reports.GatherOwn(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, verdict := range []string{"refuted", "holds"} {
		r := own.Readings[i]
		if r.Sides[0].Equality.Verdict != verdict || r.Sides[0].Equality.Grade != "bounded" || r.Frontier.Figure != nil || r.Proof.File != "" {
			t.Errorf("%s: %+v, %+v, %+v", r.Reading, r.Sides[0].Equality, r.Frontier, r.Proof)
		}
	}
	page := string(own.Markdown())
	for _, words := range []string{"How often other rows would say so is left out. ", "Left out for its cost. A map of 25 points: about ", "Left out of a quick report: a proof would take longer."} {
		if !strings.Contains(page, words) {
			t.Errorf("the report does not say %q", words)
		}
	}
	if !own.Complete {
		t.Error("a report of what it may do is complete")
	}
	o.Effort.Name, o.Effort.Grid = "full", 24
	o.Limit, o.Effort.Seeds = 3e-3, 1 // 180 ms: a coarser map
	total := 0
	o.Progress = func(n int) { total += n }
	if own, err = reports.GatherOwn(t.Context(), s, o); err != nil {
		t.Fatal(err)
	}
	if n := len(own.Readings[0].Frontier.Points); n != 64 || total != o.Steps(s) {
		t.Errorf("a map of %d points, want 64; %d steps of %d", n, total, o.Steps(s))
	}
	o.Limit = 1e-4
	if own, err = reports.GatherOwn(t.Context(), s, o); err != nil || !strings.HasPrefix(own.Readings[0].Proof.LeftOut, "Left out for its cost. A proof: about ") {
		t.Errorf("proof: %q, %v", own.Readings[0].Proof.LeftOut, err)
	}
}

// What is to be said of cases in which something is missing.
func TestOwnReportOfSpecialMixtures(t *testing.T) {
	own := func(text string, change func(*reports.Subject)) reports.Subject {
		s := mixture(t, text)
		if change != nil {
			change(&s)
		}
		return s
	}
	for name, c := range map[string]struct {
		subject reports.Subject
		says    []string
	}{
		"two modalities": {captions(t), []string{"keep 1 of 2 directions of the visual Fisher subspace, and 1 of 1 of the text one", "Maps are of mixtures of one modality", "There are no proofs about this loss."}},
		"one component":  {own(`{"weights": [1], "means": [[0, 1]], "covariance": "identity"}`, nil), []string{"There is no picture of the points", "A single component has no weight"}},
		"equal means":    {own(`{"weights": [1, 2], "means": [[1, 1], [1, 1]], "covariance": "identity"}`, nil), []string{"All means are equal: there is nothing to keep"}},
		"δ = 0":          {own(`{"weights": [1, 2], "means": [[1, 0], [0, 1]], "covariance": "identity", "delta": 0}`, nil), []string{"keeps nothing of what separates the classes", "A\\* keeps nothing to be shown"}},
		"own covariances": {own(`{"weights": [1, 1], "means": [[1, 0], [-1, 0]], "covariance": [[[1, 0.5], [0.5, 1]], [[1, -0.5], [-0.5, 1]]]}`, nil),
			[]string{"not judged", "lies in the envelope of S<sub>F</sub>", "of dimension 2.", "Maps are of mixtures of one modality with one covariance", "There is no proof: proofs of this loss are about a single mixture"}},
		"own covariances, a small envelope": {own(`{"weights": [1, 1], "means": [[1, 0, 0, 0], [-1, 0, 0, 0]], "covariance": [[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], [[2, 0, 0, 0], [0, 3, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]]}`, nil),
			[]string{"2 components in 4 dimensions", "what A\\* keeps", "1000 samples of the mixture"}},
		"a theorem": {own(`{"weights": [1, 2], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, func(s *reports.Subject) { s.Loss = losses.Spectral; s.Proof = proof.Spectral }),
			[]string{"By theorem, the spectral loss keeps everything at every δ > 0 and all weights", "**proved**: Col(A\\*) = S<sub>F</sub>"}},
		"a tie": {own(`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, nil),
			[]string{"certainly keeps 1; the rest is open", "That is decided by a proof: Col(A\\*) ≠ S<sub>F</sub>", "one of the lightest classes", "decided exactly, without a margin"}},
	} {
		report := ownReport(t, c.subject)
		page := string(report.Markdown())
		for _, words := range c.says {
			if !strings.Contains(page, words) {
				t.Errorf("%s: the report does not say %q:\n%s", name, words, page)
			}
		}
		if root, err := html.Parse(bytes.NewReader(report.Page())); err != nil || find(root, "h1") == nil {
			t.Errorf("%s: the page is no page: %v", name, err)
		}
	}
}

// The first thing on the page is the verdict, the second the points; the page is accessible and needs nothing beside it.
func TestOwnPage(t *testing.T) {
	root, err := html.Parse(bytes.NewReader(irisReport(t).Page()))
	if err != nil {
		t.Fatal(err)
	}
	header := find(root, "header")
	if figure := find(header, "figure"); figure == nil || attribute(figure, "id") != "scatter" {
		t.Error("the points are not beside the verdict")
	}
	if said := text(header); !strings.Contains(said, "As it is: The optimal representation keeps 2 of the 3 directions") || !strings.Contains(said, "Centred: The optimal") {
		t.Errorf("the header says %q", said)
	}
	ids, figures := map[string]bool{}, 0
	for n := range root.Descendants() {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %q occurs twice", id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "figure":
			figures++
			if drawing := find(n, "svg"); drawing == nil || len(attribute(drawing, "aria-label")) < 30 {
				t.Errorf("the figure %q has no text alternative", attribute(n, "id"))
			}
		case "script", "img", "iframe":
			t.Errorf("the page has a %s", n.Data)
		}
	}
	for n := range root.Descendants() {
		if target, inside := strings.CutPrefix(attribute(n, "href"), "#"); inside && !ids[target] {
			t.Errorf("a link leads to #%s, which is not there", target)
		}
	}
	if figures != 4 {
		t.Errorf("%d figures, want 4", figures)
	}
}

// Of many classes the key names those that keep least, and a big table is shown by some of its rows, none of its classes missing.
func TestOwnReportOfManyRows(t *testing.T) {
	var text strings.Builder
	text.WriteString("x,y,class\n")
	for i := range 3000 {
		class := i % 7
		if i < 4 {
			class = 7 // a rare one
		}
		text.WriteString(strings.Join([]string{number(class*3 + i*7919%100), number(class*class + i*104729%100), "c" + number(class)}, ",") + "\n")
	}
	path := filepath.Join(t.TempDir(), "many.csv")
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	s := table(t, path, "class")
	o := ownOptions
	o.Limit = 1e-3
	own, err := reports.GatherOwn(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	if own.Scatter.Shown < 2000 || own.Scatter.Shown > 2100 || !strings.Contains(own.Scatter.Figure.Caption, "of the 3000 rows, at random but some of every class") {
		t.Errorf("%d points are shown: %s", own.Scatter.Shown, own.Scatter.Figure.Caption)
	}
	if own.Compared.Figure != nil || !strings.HasPrefix(own.Compared.LeftOut, "Projections are not compared. Left out for its cost. 2") {
		t.Errorf("compared: %+v", own.Compared)
	}
	for _, name := range own.Readings[0].Sides[0].Pairs[0].Names {
		if !strings.Contains(own.Scatter.Figure.SVG, ">"+name+"<") {
			t.Errorf("the key does not name %s, of the worst pair", name)
		}
	}
	if !strings.Contains(own.Scatter.Figure.SVG, "2 other classes") {
		t.Error("the key does not tell of the others")
	}
}

func number(n int) string { return gmm.FormatNumber(big.NewRat(int64(n), 1)) }

// An interrupted report keeps what was done, and says that it is incomplete; steps are as many as were told.
func TestInterruptedOwnReport(t *testing.T) {
	s := table(t, "../testdata/iris.csv", "species")
	total := 0
	o := ownOptions
	o.Progress = func(n int) { total += n }
	if _, err := reports.GatherOwn(t.Context(), s, o); err != nil || total != o.Steps(s) {
		t.Errorf("%d steps of %d, %v", total, o.Steps(s), err)
	}
	for _, stop := range []int{1, 45, 70, 95, 120, total - 1} {
		ctx, cancel := context.WithCancel(t.Context())
		done := 0
		o.Progress = func(n int) {
			if done += n; done >= stop {
				cancel()
			}
		}
		own, err := reports.GatherOwn(ctx, s, o)
		if !errors.Is(err, context.Canceled) || own.Complete || len(own.Readings) == 0 {
			t.Errorf("stopped at %d: %v, complete %v, %d readings", stop, err, own.Complete, len(own.Readings))
		}
		for _, text := range [][]byte{own.Markdown(), own.Page()} {
			if !bytes.Contains(text, []byte("is incomplete")) || !bytes.Contains(text, []byte("keeps 2 of the 3 directions")) {
				t.Errorf("stopped at %d: the report does not say so, or not what was found", stop)
			}
		}
	}
}
