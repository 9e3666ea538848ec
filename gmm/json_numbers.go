package gmm

import (
	"encoding/json"
	"fmt"
	"math/big"
)

// rows reads a list of lists of numbers.
func (o *object) rows(key string) ([][]*big.Rat, error) {
	list, ok := o.values[key].([]any)
	if !ok || len(list) == 0 {
		return nil, o.expected(key, "a list of rows, each a list of numbers")
	}
	return rowList(key, list)
}

func rowList(key string, list []any) ([][]*big.Rat, error) {
	rows := make([][]*big.Rat, len(list))
	for i, value := range list {
		at := fmt.Sprintf("%s[%d]", key, i)
		row, ok := value.([]any)
		if !ok {
			return nil, &InputError{Key: at, Expected: "a list of numbers", Found: kind(value), Reason: ErrShape}
		}
		numbers, err := numberList(at, row)
		if err != nil {
			return nil, err
		}
		rows[i] = numbers
	}
	return rows, nil
}

// numbers reads a list of numbers.
func (o *object) numbers(key string) ([]*big.Rat, error) {
	list, ok := o.values[key].([]any)
	if !ok {
		return nil, o.expected(key, "a list of numbers")
	}
	return numberList(key, list)
}

func (o *object) expected(key, what string) error {
	return unexpected(key, what, o.values[key])
}

func unexpected(key, what string, value any) error {
	found := kind(value)
	if value == nil { // the key is absent, as null is refused
		found = "nothing"
	}
	if list, ok := value.([]any); ok && len(list) == 0 {
		found = "an empty list"
	}
	return &InputError{Key: key, Expected: what, Found: found, Reason: ErrShape}
}

func numberList(key string, list []any) ([]*big.Rat, error) {
	out := make([]*big.Rat, len(list))
	for i, value := range list {
		r, err := number(key, value)
		if refusal, ok := err.(*InputError); ok {
			refusal.Key = fmt.Sprintf("%s[%d]", key, i)
			return nil, refusal
		}
		out[i] = r
	}
	return out, nil
}

func number(key string, value any) (*big.Rat, error) {
	var text string
	switch v := value.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	default:
		return nil, &InputError{Key: key, Expected: "a number, or a string that holds one", Found: kind(value), Reason: ErrNumber}
	}
	r, err := ParseNumber(text)
	if refusal, ok := err.(*InputError); ok {
		refusal.Key = key
		return nil, refusal
	}
	return r, nil
}
