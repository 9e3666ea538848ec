package gmm

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// paired reads a file of two modalities.
func (o *object) paired() (Document, error) {
	if err := o.only("", "weights", "visual", "text", "name", "a_visual", "a_text"); err != nil {
		return Document{}, err
	}
	weights, err := o.numbers("weights")
	if err != nil {
		return Document{}, err
	}
	name, err := o.text("name")
	if err != nil {
		return Document{}, err
	}
	visual, err := o.modality("visual", name, weights)
	if err != nil {
		return Document{}, err
	}
	text, err := o.modality("text", name, weights)
	if err != nil {
		return Document{}, err
	}
	d := Document{Paired: Paired{visual, text}}
	if d.AVisual, err = o.representation("a_visual", visual.Dimension()); err != nil {
		return Document{}, err
	}
	if d.AText, err = o.representation("a_text", text.Dimension()); err != nil {
		return Document{}, err
	}
	return d, d.checkColumns()
}

// modality reads one of the two mixtures.
func (o *object) modality(key, name string, weights []*big.Rat) (*Mixture, error) {
	part, ok := o.values[key].(*object)
	if !ok {
		return nil, o.expected(key, `an object with the keys "means" and "covariance"`)
	}
	if err := part.only(key, "means", "covariance"); err != nil {
		return nil, err
	}
	e := Exact{Name: name, Weights: weights}
	var err error
	if e.Means, err = part.rows("means"); err != nil {
		return nil, inModality(key, err)
	}
	if own(part.values["covariance"]) {
		return nil, inModality(key, OwnCovariances.refusal())
	}
	if e.Covariance, err = part.covariance(len(e.Means[0])); err != nil {
		return nil, inModality(key, err)
	}
	m, err := NewExact(e)
	return m, inModality(key, err)
}

// inModality puts the modality before an error's key, unless the shared weights are wrong.
func inModality(modality string, err error) error {
	var input *InputError
	if errors.As(err, &input) && !strings.HasPrefix(input.Key, "weights") {
		return relabelled(err, "", modality+".")
	}
	return err
}

// checkColumns refuses representations that do not go together.
func (d Document) checkColumns() error {
	switch {
	case d.AVisual == nil && d.AText == nil:
		return nil
	case d.AText == nil:
		return &InputError{Key: "a_text", Expected: "a representation beside a_visual", Found: "nothing", Reason: ErrShape}
	case d.AVisual == nil:
		return &InputError{Key: "a_visual", Expected: "a representation beside a_text", Found: "nothing", Reason: ErrShape}
	}
	_, visual := d.AVisual.Dims()
	if _, text := d.AText.Dims(); visual != text {
		return &InputError{Key: "a_text", Expected: fmt.Sprintf("%d columns, as in a_visual", visual), Found: fmt.Sprint(text), Reason: ErrShape}
	}
	return nil
}
