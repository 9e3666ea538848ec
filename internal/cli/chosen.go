package cli

import (
	"fmt"
	"strings"

	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
)

// chosen are the flags that choose a loss.
type chosen struct {
	Loss        string `placeholder:"WORD" help:"The loss: ${losses}; clip is one of paired files. Default: ${loss}."`
	Score       string `default:"dot" placeholder:"dot|distance|cosine" help:"What the loss compares: dot products Aᵀx·Aᵀy; distances, −½‖Aᵀx − Aᵀy‖², which see differences only: of them the centred Fisher subspace takes the place of S_F; or cosines of Aᵀx and Aᵀy over --temperature."`
	Map         string `default:"linear" placeholder:"linear|affine|network" help:"What representations are: Aᵀx, or Aᵀx + b with a bias vector b; of these the centred Fisher subspace S_c takes the place of S_F; or network, Vᵀσ(Wx + b) + c with a hidden layer (solve, loss and prove); losses of a mixture also takes all."`
	Negatives   string `placeholder:"N" help:"Negatives a positive: of infonce a whole number or inf (the default), of sigmoid their weight (1)."`
	Bias        string `placeholder:"B|free" help:"The bias of sigmoid: a number, or free, the best one (the default)."`
	Temperature string `placeholder:"T" help:"The temperature of cosine scores, > 0. Default: 1."`
	Margin      string `placeholder:"A" help:"The margin of hinge, > 0; a scale only. Default: 1."`
}

// loss is the one that the flags choose.
func (c chosen) loss() (losses.Loss, error) {
	return losses.Choose(c.settings())
}

func (c chosen) settings() losses.Settings {
	return losses.Settings{Loss: c.Loss, Score: c.Score, Negatives: c.Negatives, Bias: c.Bias, Margin: c.Margin, Temperature: c.Temperature, Map: c.Map}
}

// standard tells whether no flag is given.
func (c chosen) standard() bool { return c == chosen{Score: losses.Dot, Map: losses.Linear} }

// provable is the one that the flags choose, of those that there are proofs about.
func (c chosen) provable() (proof.Loss, error) {
	if c.Margin != "" {
		return proof.Loss{}, fmt.Errorf("--margin: expected none, as no loss with proofs has one; found %s", c.Margin)
	}
	words := proof.Words{Loss: c.Loss, Score: c.Score, Negatives: c.Negatives, Bias: c.Bias}
	switch {
	case c.Map == networks: // whose proofs are of that loss
	case strings.EqualFold(c.Map, losses.Linear), strings.EqualFold(c.Map, losses.Affine):
		words.Map = c.Map
	default:
		return proof.Loss{}, fmt.Errorf("--map: expected %s, %s or %s, as there are no proofs about other maps; found %q", losses.Linear, losses.Affine, networks, c.Map)
	}
	return proof.Named(words)
}
