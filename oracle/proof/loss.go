package proof

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

// Loss is a loss that equality is proved of. The zero value is InfoNCE. Others come from Named.
type Loss struct {
	words Words
	*kind // nil: InfoNCE
}

// Words name a loss as flags and certificates do; "" stands for what is standard. Those of a Loss are "" where InfoNCE's words are meant.
type Words struct {
	// Loss is infonce, triplet, sigmoid, dv, spectral or agreement.
	Loss string `json:"loss,omitempty"`
	// Score is dot or distance.
	Score string `json:"score,omitempty"`
	// Negatives is a number or inf: of a sigmoid loss how much those of a positive weigh.
	Negatives string `json:"negatives,omitempty"`
	// Bias of a sigmoid loss is a number, or free: minimised over.
	Bias string `json:"bias,omitempty"`
	// Map is linear or affine.
	Map string `json:"map,omitempty"`
}

// kind is what proofs need to know of a loss.
type kind struct {
	title string // the minimiser's, in statements
	// subspace is how the subspace is written that Col(A*) lies in.
	subspace string
	// admits refuses pairs of other laws than model, in words, with gmm.ErrOtherModel.
	admits func(gmm.Pairs) error
	model  string
	// see returns the pairs as the loss sees them.
	see func(gmm.Pairs) (gmm.Pairs, error)
	// exactly decides the cases in which no analysis is needed; ok is false for others.
	exactly func(coordinates) (verdict oracle.Verdict, by Method, ok bool)
	// labels is how many the law of a score has, of so many components; nil where none are listed.
	labels func(components float64) float64
	// objective is the loss beside pairs; nil where exactly decides every case.
	objective func(coordinates) objective
}

// Words are those of a certificate.
func (l Loss) Words() Words { return l.words }

// Admit refuses pairs of laws that there are no proofs of, with gmm.ErrOtherModel.
func (l Loss) Admit(p gmm.Pairs) error { return l.of().admits(p) }

// Model is what Admit admits, in words.
func (l Loss) Model() string { return l.of().model }

// Sees returns the pairs as the loss sees them: centred ones where it depends on differences only, so that the Fisher subspace is the centred one.
func (l Loss) Sees(p gmm.Pairs) (gmm.Pairs, error) { return l.of().see(p) }

// Subspace is how the subspace is written that Col(A*) lies in: S_F, or S_c for the centred one.
func (l Loss) Subspace() string { return l.of().subspace }

func (l Loss) of() *kind {
	if l.kind == nil {
		return &infoNCEKind
	}
	return l.kind
}

// Words for what is no number.
const (
	dotScore      = "dot"
	distanceScore = "distance"
	infinity      = "inf"
	free          = "free"
	linearMap     = "linear"
)

// served is what Named takes, in words.
const served = "a loss with proofs: infonce with infinitely many negatives or 1, triplet, sigmoid, dv, spectral, agreement, or infonce with infinitely many negatives and distances as scores or affine maps"

// Named returns the loss of these words, or ErrLoss and what is served. Case does not matter.
func Named(w Words) (Loss, error) {
	for _, word := range []*string{&w.Loss, &w.Score, &w.Negatives, &w.Bias, &w.Map} {
		*word = strings.ToLower(*word)
	}
	if w.Loss == "infonce" {
		w.Loss = ""
	}
	if w.Score == dotScore {
		w.Score = ""
	}
	if w.Map == linearMap {
		w.Map = ""
	}
	if w.Negatives == infinity && slices.Contains([]string{"", "dv"}, w.Loss) {
		w.Negatives = ""
	}
	count, bias, err := w.numbers()
	if err != nil {
		return Loss{}, err
	}
	one := count != nil && count.Cmp(big.NewRat(1, 1)) == 0
	switch {
	case w == Words{}:
		return Loss{}, nil
	case w == Affine.words:
		return Affine, nil
	case w.Map != "": // no other has proofs
	case w.Loss == "" && w.Score == "" && w.Bias == "" && one:
		return Loss{Words{Loss: "infonce", Negatives: "1"}, Triplet.kind}, nil
	case w.Loss == "triplet" && w.Score == "" && w.Bias == "" && (one || w.Negatives == ""):
		return Triplet, nil
	case w.Loss == "sigmoid" && w.Score == "" && (count == nil || count.Sign() > 0):
		return Sigmoid(count, bias), nil
	}
	for _, plain := range []Loss{Distance, DonskerVaradhan, Spectral, Agreement} {
		if w == plain.words || w == (Words{Score: plain.words.Score}) && plain.words.Score != "" {
			return plain, nil
		}
	}
	return Loss{}, fmt.Errorf("%w: expected %s, found %s", ErrLoss, served, w)
}

// longestParameter bounds numerators and denominators of parameters, in bits: a float64 holds about the number.
const longestParameter = 256

// numbers are those of negatives and bias, nil where there is none.
func (w Words) numbers() (negatives, bias *big.Rat, err error) {
	read := func(text, word string) (x *big.Rat) {
		if text != "" && text != word {
			var failure error
			if x, failure = gmm.ParseNumber(text); failure != nil || max(x.Num().BitLen(), x.Denom().BitLen()) > longestParameter {
				err = fmt.Errorf("%w: expected %s, or a number of at most %d bits, found %s", ErrLoss, word, longestParameter, text)
			}
		}
		return x
	}
	negatives, bias = read(w.Negatives, infinity), read(w.Bias, free)
	return negatives, bias, err
}

// String is a command line's.
func (w Words) String() string {
	text := "--loss " + w.Loss
	if w.Loss == "" {
		text += "infonce"
	}
	for _, flag := range []struct{ name, value string }{{"score", w.Score}, {"negatives", w.Negatives}, {"bias", w.Bias}, {"map", w.Map}} {
		if flag.value != "" {
			text += " --" + flag.name + " " + flag.value
		}
	}
	return text
}
