package atlas

import (
	"strings"
	"testing"

	"contrastcheck/atlas/mixtures"
	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"
)

func chosen(t *testing.T, s losses.Settings) losses.Loss {
	t.Helper()
	l, err := losses.Choose(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What is kept, lost and undecided are all the directions, and agrees with the verdict on equality, for every law and loss.
func TestCountsAreAllDirections(t *testing.T) {
	judged := 0
	for i := range 8 {
		p := generators.Paired().Example(i)
		if i%2 == 0 {
			var err error
			if p, err = gmm.NewPairs(generators.RareOutlier().Example(i), generators.Informative().Example(i)); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := mixtures.Of(t.Context(), p, losses.Options{}, 2, []losses.Loss{losses.InfoNCE, losses.Spectral, losses.CLIP})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range kept {
			judged++
			if k.Kept < 0 || k.Lost < 0 || k.Undecided < 0 || k.Equality == oracle.Holds && k.Kept == 0 || (k.Equality == oracle.Refuted) != (k.Lost > 0) {
				t.Errorf("%s of %#v: kept %d, lost %d, undecided %d, equality %v", k.Loss.Label(), p, k.Kept, k.Lost, k.Undecided, k.Equality)
			}
		}
	}
	if judged < 12 {
		t.Errorf("only %d were judged", judged)
	}
}

// A theorem that is claimed wrongly is refuted by what is stored, and where nothing is stored there is no verdict without a theorem.
func TestEqualityNeedsATheorem(t *testing.T) {
	l := losses.InfoNCE
	l.Theorem = losses.Theorem{Certain: true, Biased: true, Own: true, Source: "planted"}
	for _, w := range []law{raw, centred, biased} {
		if cell := w.equality(l, Options{Cases: 1}); cell.Verdict != oracle.Refuted || !cell.Served {
			t.Errorf("%s: %v, %s", w.name, cell.Verdict, cell.Evidence)
		}
	}
	distances := chosen(t, losses.Settings{Score: losses.Distance})
	without := distances
	without.Theorem = losses.Theorem{}
	if cell := centred.equality(without, Options{Cases: 2}); cell.Verdict != oracle.Undecided || cell.Kept == 0 {
		t.Errorf("distances without their theorem: %v, %s", cell.Verdict, cell.Evidence)
	}
	if cell := centred.equality(distances, Options{Cases: 2}); cell.Verdict != oracle.Holds {
		t.Errorf("distances: %v, %s", cell.Verdict, cell.Evidence)
	}
}

// The atlas of a chosen loss is about that loss and no other of its kind.
func TestChosenLossesAreJudgedThemselves(t *testing.T) {
	far, usual := chosen(t, losses.Settings{Loss: "sigmoid", Bias: "-6"}), chosen(t, losses.Settings{Loss: "sigmoid"})
	for number := range uint64(5) {
		if other := far.Other(number); other.Settings != far.Settings {
			t.Errorf("the loss %v is judged in the place of %v", other.Settings, far.Settings)
		}
	}
	standard := usual.Other(0)
	for number := range uint64(5) {
		if usual.Other(number).Settings != standard.Settings {
			return
		}
	}
	t.Error("the standard sigmoid loss stands for no others")
}

// One loss is recommended that keeps all, and none where none does.
func TestAdvice(t *testing.T) {
	p := theorems.Stored("equality-centred")[0].Case.Pairs
	kept, err := mixtures.Of(t.Context(), p, losses.Options{}, 2, []losses.Loss{losses.InfoNCE, losses.Spectral, chosen(t, losses.Settings{Score: losses.Distance})})
	if err != nil {
		t.Fatal(err)
	}
	if says := mixtures.Advice(p, kept); !strings.Contains(says, "Directions are lost by the InfoNCE loss (1 of 2).") || !strings.HasSuffix(says, "it keeps all, of every such mixture.") ||
		!strings.Contains(says, "Recommended: the InfoNCE loss of distances") {
		t.Error(says)
	}
	if says := mixtures.Advice(p, append(kept[:1:1], kept[0])); strings.Contains(says, "Recommended") {
		t.Error(says)
	}
}
