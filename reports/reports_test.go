package reports_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/reports"
	"contrastcheck/theorems"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// small is an effort for tests.
var small = reports.Effort{Name: "quick", Cases: 10, Seeds: 2, Samples: 100, Grid: 5, Curve: 11, Doublings: 2, Mixtures: 1}

// gather makes a small report of the claims; all if none is named.
func gather(t *testing.T, ids ...string) reports.Results {
	t.Helper()
	claims, err := theorems.Find(ids...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := reports.Gather(t.Context(), reports.Options{Claims: claims, Selected: len(ids) > 0, Effort: small, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// whole is a report of the claims, of few cases; but for those a case of which takes tenths of a second.
var whole = sync.OnceValues(func() (reports.Results, error) {
	effort := small
	effort.Cases = 2
	claims := slices.DeleteFunc(theorems.All(), func(c theorems.Claim) bool {
		return slices.Contains([]string{"negatives-antitone", "negatives-monotone", "negatives-equality-centred", "own-rank", "relu-network-unbiased",
			"containment-group-finite", "containment-own-covariance", "sigmoid-equality-centred", "affine-equality"}, c.ID)
	})
	return reports.Gather(context.Background(), reports.Options{Claims: claims, Effort: effort, Seed: 1, Workers: 2})
})

func all(t *testing.T) reports.Results {
	t.Helper()
	r, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What a person and what a program reads.
func TestGoldenReport(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the golden digits are those of amd64; other processors round products and sums together")
	}
	r := gather(t, "containment", "equality", "svd-shared")
	r.Program = reports.Program{Version: "v0.0.0", Go: "go", Platform: "somewhere", Dependencies: []reports.Dependency{{Path: "a/library", Version: "v1.0.0"}}}
	old := r
	old.Claims = append([]reports.Claim(nil), r.Claims...)
	old.Claims[0].Found, old.Claims[0].AsRecorded = "undecided", false
	old.Run.Seed = 2
	changes := reports.Compare(old, r)
	r.Changes = &changes
	for name, text := range map[string][]byte{"report.json": r.JSON(), "report.md": r.Markdown()} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(text)); diff != "" {
			t.Errorf("%s (−golden +report; -update writes it anew):\n%s", path, diff)
		}
	}
}

// A data set says what InfoNCE keeps of it: of Iris more than the mean is lost, and nothing once it is centred; what is centred has one reading.
func TestReportSaysWhatIsKept(t *testing.T) {
	r := gather(t, "equality-centred", "svd-spherical")
	page := string(r.Markdown())
	for id, want := range map[string][]string{
		"iris": {"raw: The optimal representation keeps 2 of the 3 directions of", "97.5 % of the discriminant: what is lost is not the mean alone. Worst pair: versicolor and virginica: 4.19 → 3.96 standard deviations.",
			"centred: The optimal representation keeps everything that separates the classes: all 2 directions in which they differ."},
		"two-clusters": {"raw: The optimal representation keeps everything that separates the classes: the one direction in which they differ. Worst pair: component 1 and component 2: 4 standard deviations, kept."},
	} {
		for _, c := range r.Comparisons {
			if readings := map[string]int{"iris": 2, "two-clusters": 1}[id]; c.ID == id && len(c.Kept) != readings {
				t.Errorf("%s has %d readings", id, len(c.Kept))
			}
		}
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("%s: the report does not say %q", id, words)
			}
		}
	}
}

// The same seed gives the same files, whatever the number of workers; another seed others.
func TestReportIsDeterministic(t *testing.T) {
	if testing.Short() {
		t.Skip("three reports are made")
	}
	claims, err := theorems.Find("containment", "equality-biased", "svd-shared")
	if err != nil {
		t.Fatal(err)
	}
	write := func(seed uint64, workers int) map[string]string {
		r, err := reports.Gather(t.Context(), reports.Options{Claims: claims, Effort: small, Seed: seed, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		if err := reports.Write(folder, r); err != nil {
			t.Fatal(err)
		}
		return contents(t, folder)
	}
	first := write(1, 1)
	if diff := cmp.Diff(first, write(1, 2)); diff != "" {
		t.Errorf("one worker and two write different reports:\n%.2000s", diff)
	}
	if other := write(2, 1); other["report.json"] == first["report.json"] {
		t.Error("another seed gives the same report.json")
	}
}

// contents reads all files of a folder.
// Every figure and mixture file that the Markdown refers to is there, and every
// counterexample is one that the program reads.
// An earlier report.json says which figures and counterexamples may go, and nothing else.
// A difference anywhere in what was found is a change.
// Another report in the same folder replaces the first one, and leaves nothing of it.
// Where a file can't be written the others are, and are named.
// A cancelled run reports what was done, and says that it is incomplete.
func TestInterruptedReport(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	steps := 0
	claims, err := theorems.Find("containment", "equality-line")
	if err != nil {
		t.Fatal(err)
	}
	r, err := reports.Gather(ctx, reports.Options{Claims: claims, Effort: small, Seed: 1, Progress: func() {
		if steps++; steps == 5 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || r.Complete {
		t.Fatalf("error %v and complete = %v, want a cancelled, incomplete report", err, r.Complete)
	}
	if n := r.Claims[0].Cases + r.Claims[1].Cases; n < 5 || n >= 20 {
		t.Errorf("%d cases reported after 5 of 20", n)
	}
	for _, text := range [][]byte{r.Markdown(), r.Page()} {
		if !bytes.Contains(text, []byte("is incomplete")) || !bytes.Contains(text, []byte("NOT FINISHED")) {
			t.Error("the report does not say that it is incomplete")
		}
		if bytes.Contains(text, []byte("NOT as recorded")) || bytes.Contains(text, []byte("Not as recorded")) {
			t.Error("what was not checked is said to be not as recorded")
		}
	}
}

// A run that is cancelled while it draws is incomplete too, but done with its claims.
func TestInterruptedPictures(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	claims, err := theorems.Find("equality-centred")
	if err != nil {
		t.Fatal(err)
	}
	options := reports.Options{Claims: claims, Effort: small, Seed: 1}
	steps, last := 0, options.Steps()
	options.Progress = func() {
		if steps++; steps == last-5 {
			stop()
		}
	}
	r, err := reports.Gather(ctx, options)
	if !errors.Is(err, context.Canceled) || r.Complete || !r.Claims[0].Complete || !r.Claims[0].AsRecorded {
		t.Errorf("error %v, complete %v, the claim's %v and as recorded %v", err, r.Complete, r.Claims[0].Complete, r.Claims[0].AsRecorded)
	}
}

// Progress reaches at most the number of steps, and all of them where nothing is refuted early.
func TestStepsAreCounted(t *testing.T) {
	claims, err := theorems.Find("containment", "fisher-optimal")
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	options := reports.Options{Claims: claims, Effort: small, Seed: 1, Progress: func() { steps++ }}
	if _, err := reports.Gather(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	if steps != options.Steps() {
		t.Errorf("%d steps of %d", steps, options.Steps())
	}
}

// The stamp alone has dates and durations.
func TestStamp(t *testing.T) {
	claims, err := theorems.Find("equality-line")
	if err != nil {
		t.Fatal(err)
	}
	r, err := reports.Gather(t.Context(), reports.Options{Claims: claims, Effort: small, Workers: 2, Stamp: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Stamp == nil || r.Stamp.Cores != 2 || !(r.Stamp.Seconds > 0) || len(r.Stamp.Date) != len("2006-01-02T15:04:05Z") {
		t.Errorf("stamp %+v", r.Stamp)
	}
	if gather(t, "equality-line").Stamp != nil {
		t.Error("a stamp that nobody asked for")
	}
}

// The tables are those that the README's commands use, and the citation is CITATION.cff's.
func TestCopiesAgree(t *testing.T) {
	for _, name := range []string{"iris.csv", "wine.csv"} {
		ours, err := os.ReadFile(filepath.Join("data", name))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := os.ReadFile(filepath.Join("..", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(ours, theirs) {
			t.Errorf("data/%s is not testdata/%[1]s", name)
		}
	}
	citation, err := os.ReadFile("../CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	_, title, _ := strings.Cut(string(citation), `title: "`)
	title, _, _ = strings.Cut(title, `"`)
	bibliography := strings.NewReplacer("{G}", "G").Replace(reports.Results{}.Bibliography())
	for _, needed := range []string{title, "2411.03517", "Understanding Contrastive Learning via Gaussian Mixture Models"} {
		if needed == "" || !strings.Contains(bibliography, needed) {
			t.Errorf("the bibliography lacks %q", needed)
		}
	}
}

// A claim recorded to hold that is refuted is news, or a defect: the report says so, and
// shows the case whole.
func TestUnexpectedRefutationIsShown(t *testing.T) {
	claims, err := theorems.Find("projection-descent", "augmentation")
	if err != nil {
		t.Fatal(err)
	}
	for i := range claims {
		claims[i].Check = func(theorems.Case) theorems.Outcome {
			return theorems.Outcome{Verdict: oracle.Refuted, Grade: oracle.Bounded, Detail: "planted"}
		}
	}
	r, err := reports.Gather(t.Context(), reports.Options{Claims: claims, Effort: small, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r.AsRecorded() != 0 || !strings.Contains(r.Verdict(), "2 NOT as recorded") {
		t.Errorf("verdict %q", r.Verdict())
	}
	for i, c := range r.Claims {
		found := c.Counterexamples[0]
		drawn := claims[i].Draw.Example(0).GoString() // what a whole case looks like
		if c.Found != "refuted" || found.Stored || found.Figure != nil || !strings.HasPrefix(found.Case, drawn[:5]) || !strings.Contains(found.Case, "seed") {
			t.Errorf("%s: found %s by %+v", c.ID, c.Found, found)
		}
		for _, text := range [][]byte{r.Markdown(), r.Page()} {
			if !bytes.Contains(text, []byte("It is found again by")) || !bytes.Contains(bytes.ToLower(text), []byte("not as recorded")) {
				t.Errorf("%s: the report does not tell", c.ID)
			}
		}
	}
}
