fn main(){ println!("tool {}", std::env::args().nth(1).unwrap()); }
