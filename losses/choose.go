package losses

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/gmm"

	"github.com/agnivade/levenshtein"
)

// Settings choose a loss by the words and numbers of the command line. "" stands for what is standard.
type Settings struct {
	// Loss is one of Names. The standard one is infonce.
	Loss string
	// Score is Dot or Distance, and of ChooseCosine CosineScore. The standard one is Dot.
	Score string
	// Negatives is a number or inf: how many independent points one positive is told from; of a sigmoid loss their weight. What is standard, and what is
	// served, depends on the loss; losses whose negatives enter by moments alone take none.
	Negatives string
	// Bias is a number, or free: minimised over. The standard one is free, of losses that have one.
	Bias string
	// Margin is a number > 0, of losses that have one. The standard one is 1.
	Margin string
	// Temperature is a number > 0, of CosineScore. The standard one is 1.
	Temperature string
	// Map is Linear or Affine: what representations are. The standard one is Linear.
	Map string
}

// The maps x ↦ f(x) that represent points.
const (
	Linear = "linear" // Aᵀx
	Affine = "affine" // Aᵀx + b
)

// The scores of two points x and y.
const (
	Dot      = "dot"      // xᵀAAᵀy
	Distance = "distance" // −½‖Aᵀx − Aᵀy‖²
)

// Words for what is no number.
const (
	infinity = "inf"
	free     = "free"
)

// Choose returns the loss that settings ask for, or what was expected in their place. Case does not matter.
func Choose(s Settings) (Loss, error) {
	if s.Loss == "" {
		s.Loss = kinds[0].word
	}
	if s.Score == "" {
		s.Score = Dot
	}
	if s.Map == "" {
		s.Map = Linear
	}
	s.Loss, s.Score, s.Map = strings.ToLower(s.Loss), strings.ToLower(s.Score), strings.ToLower(s.Map)
	if !slices.Contains(Names(), s.Loss) {
		return Loss{}, fmt.Errorf("losses: --loss: expected one of %s, found %q%s", strings.Join(Names(), ", "), s.Loss, meant(s.Loss))
	}
	if s.Score == CosineScore && slices.Contains(cosineNames, s.Loss) {
		if _, err := ChooseCosine(s); err != nil {
			return Loss{}, err
		}
		return Loss{}, fmt.Errorf("losses: --score: expected %s or %s here, found %q, which solve, loss and losses of a mixture serve", Dot, Distance, CosineScore)
	}
	if s.Temperature != "" {
		return Loss{}, fmt.Errorf("losses: --temperature: expected none without --score %s, found %s", CosineScore, s.Temperature)
	}
	if !slices.ContainsFunc(kinds, func(k kind) bool { return k.word == s.Loss && k.maps() == s.Map }) {
		return Loss{}, refusedMap(s)
	}
	var scores, expected []string
	for _, k := range kinds {
		if k.word != s.Loss || k.maps() != s.Map {
			continue
		}
		scores = append(scores, k.score)
		if k.score != s.Score {
			continue
		}
		if negatives, ok := k.negatives.read(s.Negatives); ok {
			return k.choose(s, negatives)
		}
		expected = append(expected, k.negatives.expected)
	}
	with := "--loss " + s.Loss
	if s.Map != Linear {
		with += " --map " + s.Map
	}
	if expected == nil {
		return Loss{}, fmt.Errorf("losses: --score: expected %s with %s, found %q", strings.Join(slices.Compact(scores), " or "), with, s.Score)
	}
	if s.Score != Dot {
		with += " --score " + s.Score
	}
	return Loss{}, fmt.Errorf("losses: --negatives: expected %s with %s, found %s", strings.Join(expected, " or "), with, s.Negatives)
}

// Names returns the words for losses, in their order.
func Names() []string {
	var names []string
	for _, k := range kinds {
		if !slices.Contains(names, k.word) {
			names = append(names, k.word)
		}
	}
	return names
}

// choose reads the other parameters.
func (k kind) choose(s Settings, negatives *big.Rat) (Loss, error) {
	bias, err := k.bias.read(s.Bias, k.word, k.score)
	if err != nil {
		return Loss{}, err
	}
	margin, err := k.readMargin(s.Margin)
	if err != nil {
		return Loss{}, err
	}
	return k.chosen(parameters{negatives, bias, margin}), nil
}

// standard are the parameters of settings that say nothing of them.
func (k kind) standard() parameters {
	negatives, _ := k.negatives.read("")
	return parameters{negatives: negatives}
}

// standard tells whether they are those that nobody chose.
func (x parameters) standard(k kind) bool {
	n := k.standard().negatives
	return x.bias == nil && x.margin == nil && (x.negatives == nil) == (n == nil) && (n == nil || n.Cmp(x.negatives) == 0)
}

// chosen is the loss of parameters, with its settings written out.
func (k kind) chosen(x parameters) Loss {
	l := k.of(x)
	l.Settings = Settings{Loss: k.word, Score: k.score, Map: k.maps()}
	if k.negatives.standard != "" {
		l.Settings.Negatives = written(x.negatives, infinity)
	}
	if k.bias != noBias {
		l.Settings.Bias = written(x.bias, free)
	}
	if k.margin {
		l.Settings.Margin = written(x.margin, "1")
	}
	if x.standard(k) {
		l.others = k.others
	}
	return l
}

// refusedMap says which maps are served where another was asked for.
func refusedMap(s Settings) error {
	var maps, words []string
	for _, k := range kinds {
		if k.word == s.Loss {
			maps = append(maps, k.maps())
		}
		if k.maps() == s.Map && !slices.Contains(words, k.word) {
			words = append(words, k.word)
		}
	}
	slices.Sort(maps)
	maps = slices.Compact(maps)
	slices.Reverse(maps) // the standard one first
	served := ""
	if len(words) > 0 {
		served = fmt.Sprintf("; --map %s is served with --loss %s", s.Map, strings.Join(words, " and "))
	}
	return fmt.Errorf("losses: --map: expected %s with --loss %s, found %q%s", strings.Join(maps, " or "), s.Loss, s.Map, served)
}

// standard returns the loss of a word and score with its standard parameters.
func standard(word, score string) Loss {
	l, err := Choose(Settings{Loss: word, Score: score})
	if err != nil {
		panic(err)
	}
	return l
}

// Label is a short name: infonce, infonce-16, distance-triplet or sigmoid-4.
func (l Loss) Label() string {
	label := l.Settings.Loss
	if l.Settings.Score == Distance {
		label = Distance + "-" + label
	}
	if l.Affine() {
		label = Affine + "-" + label
	}
	if plain, err := Choose(Settings{Loss: l.Settings.Loss, Score: l.Settings.Score, Map: l.Settings.Map}); err == nil && plain.Settings.Negatives != l.Settings.Negatives {
		label += "-" + l.Settings.Negatives
	}
	return label
}

// WithNegatives returns the loss with so many negatives, or what was expected in their place.
func (l Loss) WithNegatives(n *big.Rat) (Loss, error) {
	s := l.Settings
	s.Negatives = gmm.FormatNumber(n)
	return Choose(s)
}

// Other returns a loss of the same kind with other parameters that a number determines, of those that claims about the kind are tested with; the loss
// itself where its parameters are not the standard ones, or there are no others.
func (l Loss) Other(number uint64) Loss {
	if len(l.others) == 0 {
		return l
	}
	s := l.others[number%uint64(len(l.others))]
	s.Loss, s.Score, s.Map = l.Settings.Loss, l.Settings.Score, l.Settings.Map
	other, err := Choose(s)
	if err != nil {
		panic(err)
	}
	return other
}

func written(x *big.Rat, none string) string {
	if x == nil {
		return none
	}
	return gmm.FormatNumber(x)
}

// readMargin reads a margin > 0, nil for nothing.
func (k kind) readMargin(text string) (*big.Rat, error) {
	if text == "" {
		return nil, nil
	}
	if !k.margin {
		return nil, fmt.Errorf("losses: --margin: expected none with --loss %s, found %s", k.word, text)
	}
	x, err := gmm.ParseNumber(text)
	if err != nil || x.Sign() <= 0 {
		return nil, fmt.Errorf("losses: --margin: expected a number > 0%s with --loss %s, found %s", gmm.Sized(err), k.word, text)
	}
	return x, nil
}

// meant asks whether the nearest of the names was.
func meant(word string) string {
	const typos = 2
	for _, name := range Names() {
		if strings.HasPrefix(name, word) || levenshtein.ComputeDistance(name, word) <= typos {
			return fmt.Sprintf("; did you mean %s?", name)
		}
	}
	return ""
}
