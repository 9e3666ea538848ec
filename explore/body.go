package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/losses"
)

// options choose a loss, with the words of the command line. What is absent is standard.
type options struct {
	Loss        string `json:"loss"`
	Score       string `json:"score"`
	Negatives   scalar `json:"negatives"`
	Bias        scalar `json:"bias"`
	Margin      scalar `json:"margin"`
	Temperature scalar `json:"temperature"`
	Map         string `json:"map"`
}

func (o options) settings() losses.Settings {
	return losses.Settings{Loss: o.Loss, Score: o.Score, Negatives: string(o.Negatives), Bias: string(o.Bias), Margin: string(o.Margin), Temperature: string(o.Temperature), Map: o.Map}
}

// scalar is a number or a word, as it is written.
type scalar string

// UnmarshalJSON implements json.Unmarshaler.
func (s *scalar) UnmarshalJSON(text []byte) error {
	var word string
	if json.Unmarshal(text, &word) == nil {
		*s = scalar(word)
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(text, &number); err != nil {
		return errors.New("a number or a word")
	}
	*s = scalar(number)
	return nil
}

// asked is a mixture with the loss that is asked about.
type asked struct {
	gmm.Document
	loss losses.Loss
	// weights are those of the file, in its own scale.
	weights []*big.Rat
}

// read reads a mixture file that may have one more key, "options".
func read(body []byte) (asked, error) {
	file, o, err := taken(body)
	if err != nil {
		return asked{}, err
	}
	return readWith(file, o)
}

// taken takes the options out of a mixture file.
func taken(body []byte) (file []byte, o options, err error) {
	file, given, err := apart(body, "options")
	if err != nil {
		return nil, o, err
	}
	if given != nil {
		if err := strictly(given, &o); err != nil {
			return nil, o, &gmm.InputError{Key: "options", Expected: `an object with some of the keys "loss", "score", "negatives", "map", "bias", "margin", "temperature"`, Found: string(given), Reason: gmm.ErrSyntax}
		}
	}
	return file, o, nil
}

func readWith(file []byte, o options) (a asked, err error) {
	if a.weights, err = small(file); err != nil {
		return a, err
	}
	if a.Document, err = gmm.Limit(limit).Read("", bytes.NewReader(file)); err != nil {
		return a, err
	}
	if a.loss, err = losses.Choose(o.settings()); err != nil {
		return a, err
	}
	return a, nil
}

// small returns the weights, in the file's own scale, and refuses what is too large before it is computed with. What it does not understand is left to the reader of
// mixtures, which refuses it.
func small(file []byte) (weights []*big.Rat, err error) {
	type modality struct {
		Means []json.RawMessage `json:"means"`
	}
	var sizes struct {
		Weights []scalar `json:"weights"`
		modality
		Visual modality `json:"visual"`
		Text   modality `json:"text"`
	}
	_ = json.Unmarshal(file, &sizes)
	if k := len(sizes.Weights); k > mostComponents {
		return nil, tooMany("weights", "components", mostComponents, k)
	}
	for _, m := range []modality{sizes.modality, sizes.Visual, sizes.Text} {
		if k := len(m.Means); k > mostComponents {
			return nil, tooMany("means", "components", mostComponents, k)
		}
		for _, row := range m.Means {
			if d := bytes.Count(row, []byte(",")) + 1; d > mostDimension {
				return nil, tooMany("means", "coordinates", mostDimension, d)
			}
		}
	}
	for _, text := range sizes.Weights {
		w, err := gmm.ParseNumber(string(text))
		if err != nil {
			return nil, nil
		}
		weights = append(weights, w)
	}
	return weights, nil
}

// apart takes a key out of the top level of an object; nil if the object does not have it. The rest is as it was, for a strict reader.
func apart(object []byte, key string) (rest, value []byte, err error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return object, nil, nil // which the reader refuses
	}
	for first := true; decoder.More(); first = false {
		before := decoder.InputOffset()
		name, err := decoder.Token()
		if err != nil {
			return object, nil, nil
		}
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil {
			return object, nil, nil
		}
		if name != key {
			continue
		}
		end := decoder.InputOffset()
		if first && decoder.More() { // its comma goes with it
			end += int64(bytes.IndexByte(object[end:], ',')) + 1
		}
		rest = append(append(rest, object[:before]...), object[end:]...)
		if _, again, _ := apart(rest, key); again != nil {
			return nil, nil, &gmm.InputError{Key: key, Expected: "each key once", Found: "a duplicate", Reason: gmm.ErrSyntax}
		}
		return rest, member, nil
	}
	return object, nil, nil
}

// strictly reads one JSON value without keys that are not expected, and nothing after it.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return errors.New("trailing data")
	}
	return nil
}
