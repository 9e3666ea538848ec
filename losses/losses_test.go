package losses_test

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

func read(t *testing.T, text string) gmm.Pairs {
	t.Helper()
	d, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return d.Pairs
}

const (
	single = `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	paired = `{"weights": [1, 3], "visual": {"means": [[2, 0], [0, 1]], "covariance": "identity"}, "text": {"means": [[2, 0], [0, 1]], "covariance": "identity"}}`
)

// The pillars' losses of one entry are the same by name, names are unique, and each is found by its name in any case.
func TestRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range losses.All() {
		if l.Solver.Name != l.Oracle.Name || l.Title == "" || l.Source == "" || seen[l.Name()] {
			t.Errorf("the entry of %q and %q, %q, is not that of one loss with a title and a source", l.Solver.Name, l.Oracle.Name, l.Title)
		}
		seen[l.Name()] = true
		if found, err := losses.Choose(upper(l.Settings)); err != nil || found.Name() != l.Name() {
			t.Errorf("%s is found as %q: %v", l.Name(), found.Name(), err)
		}
	}
	if _, err := losses.Choose(losses.Settings{Loss: "nothing"}); err == nil || !strings.Contains(err.Error(), losses.Names()[0]) {
		t.Errorf("an unknown name gives %v, which does not list the losses", err)
	}
}

// Where no loss is named, the law tells which is meant.
func TestFor(t *testing.T) {
	for text, want := range map[string]string{single: "infonce", paired: "clip"} {
		if got := losses.For(read(t, text)).Name(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	many := `{"weights": [` + strings.Repeat("1, ", 99) + `1], "means": [` + strings.Repeat("[1], ", 99) + `[2]], "covariance": "identity"}`
	if got := losses.For(read(t, many)).Name(); got != "infonce" {
		t.Errorf("of too many components %s is meant, want infonce", got)
	}
}

// A decision refuses laws of another loss and contexts that have ended.
func TestDecideRefuses(t *testing.T) {
	if _, err := losses.Decide(context.Background(), losses.InfoNCE, read(t, paired), losses.Options{}); !errors.Is(err, gmm.ErrOtherModel) {
		t.Errorf("InfoNCE of two modalities gives %v", err)
	}
	if _, err := losses.Decide(context.Background(), losses.CLIP, read(t, single), losses.Options{}); err == nil {
		t.Error("CLIP of one modality is decided")
	}
	for text, l := range map[string]losses.Loss{
		`{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "1/2"], ["1/2", 1]], [[1, 0], [0, 1]]]}`: losses.InfoNCE,
		paired: losses.CLIP,
	} {
		o := losses.Options{Method: solver.Factored, Columns: 1, Starts: 1}
		if _, err := losses.Decide(context.Background(), l, read(t, text), o); !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("a stationary point of %s of %s gives %v", l.Name(), text, err)
		}
	}
	two := read(t, paired)
	half, err := two.WithDelta(big.NewRat(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []losses.Loss{losses.CLIP, losses.Spectral} {
		for _, p := range []gmm.Pairs{half, two.Apart()} {
			if l.Name() == "spectral" && !p.Shared() {
				continue
			}
			if _, err := losses.Decide(context.Background(), l, p, losses.Options{}); !errors.Is(err, gmm.ErrOtherModel) {
				t.Errorf("%s of %v gives %v", l.Name(), p, err)
			}
		}
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := losses.Decide(ended, losses.InfoNCE, read(t, single), losses.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended gives %v", err)
	}
}

// What is decided of the two points is what the reference knows: InfoNCE loses a direction, the spectral loss none.
func TestDecide(t *testing.T) {
	for _, c := range []struct {
		loss losses.Loss
		want oracle.Verdict
		rank int
	}{{losses.InfoNCE, oracle.Refuted, 1}, {losses.Spectral, oracle.Holds, 2}} {
		d, err := losses.Decide(context.Background(), c.loss, read(t, single), losses.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Findings.Equality() != c.want || d.Findings.Containment() != oracle.Holds || d.Rank() != c.rank {
			t.Errorf("%s: equality %v, containment %v, rank %d", c.loss.Name(), d.Findings.Equality(), d.Findings.Containment(), d.Rank())
		}
	}
}

func upper(s losses.Settings) losses.Settings {
	return losses.Settings{Loss: strings.ToUpper(s.Loss), Score: strings.ToUpper(s.Score), Negatives: strings.ToUpper(s.Negatives), Bias: strings.ToUpper(s.Bias), Margin: s.Margin}
}

// What does not fit is refused with what was expected.
func TestChooseRefuses(t *testing.T) {
	for _, c := range []struct {
		of   losses.Settings
		says string
	}{
		{losses.Settings{Loss: "tripet"}, "did you mean triplet?"},
		{losses.Settings{Loss: "spectral", Negatives: "4"}, "--negatives: expected none with --loss spectral"},
		{losses.Settings{Loss: "triplet", Negatives: "2"}, "--negatives: expected 1 with --loss triplet, found 2"},
		{losses.Settings{Score: "distance", Negatives: "16"}, "--negatives: expected inf or 1 with --loss infonce --score distance, found 16"},
		{losses.Settings{Loss: "clip", Negatives: "2"}, "--negatives: expected inf with --loss clip, found 2"},
		{losses.Settings{Loss: "triplet", Bias: "0"}, "--bias: expected none with --loss triplet --score dot, found 0"},
		{losses.Settings{Loss: "triplet", Margin: "1"}, "--margin: expected none with --loss triplet, found 1"},
		{losses.Settings{Loss: "hinge", Margin: "0"}, "--margin: expected a number > 0 with --loss hinge, found 0"},
		{losses.Settings{Loss: "hinge", Margin: "1e-300"}, "--margin: expected a number > 0 between 1e-200 and 1e30 in size with --loss hinge, found 1e-300"},
		{losses.Settings{Loss: "sigmoid", Bias: "1e300"}, "--bias: expected a number between 1e-200 and 1e30 in size, or free, with --loss sigmoid"},
		{losses.Settings{Loss: "sigmoid", Score: "distance", Bias: "0"}, "--bias: expected free with --loss sigmoid --score distance, found 0"},
		{losses.Settings{Loss: "sigmoid", Negatives: "0"}, "--negatives: expected a number > 0 with --loss sigmoid, found 0"},
		{losses.Settings{Loss: "clip", Score: "distance"}, `--score: expected dot with --loss clip, found "distance"`},
		{losses.Settings{Loss: "clip", Score: "cosine"}, `--score: expected dot with --loss clip, found "cosine"`},
	} {
		if _, err := losses.Choose(c.of); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v gives %v, which does not say %q", c.of, err, c.says)
		}
	}
}
